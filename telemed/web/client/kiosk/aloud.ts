// Who has listened to the names of the languages goes on listening: the address of the next page says so.

export const ALOUD = "#aloud";
