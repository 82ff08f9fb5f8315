"""What stored codes are called on the pages for doctors; all are message ids."""

APPOINTMENT = {
    "booked": "booked",
    "arrived": "has arrived",
    "fulfilled": "seen",
    "cancelled": "cancelled",
    "noshow": "did not come",
}
PRIORITY = {1: "very urgent", 2: "urgent", 3: "soon", 4: "usual", 5: "can wait"}
VISIT = {
    "waiting": "waiting",
    "in_progress": "in progress",
    "finished": "signed",
    "cancelled": "left before being seen",
}
IDENTIFIER = {"egn": "EGN", "lnch": "LNCh"}
LANGUAGE = {
    "bg": "Bulgarian",
    "en": "English",
    "tr": "Turkish",
    "ru": "Russian",
    "uk": "Ukrainian",
    "uz": "Uzbek",
    "uz-Cyrl": "Uzbek",
    "vi": "Vietnamese",
}
