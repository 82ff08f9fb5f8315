// Fills the review page, which holds every question, with the answers on the way actually gone.

import { DEVICE, GIVEN } from "../steps/told";
import type { Answers } from "../steps/rules";

export function fillReview(main: HTMLElement, answers: Answers, told: string[]): void {
  for (const row of main.querySelectorAll<HTMLElement>("[data-row]")) {
    const key = row.dataset["row"] ?? "";
    const typed = answers[key] === GIVEN;
    // A device's numbers are shown as typed ones are, in the unit that is kept.
    const pressed = answers[key] === DEVICE ? GIVEN : (answers[key] ?? "");
    const chosen = typed ? (answers[`${key}_unit`] ?? "") : "";
    row.hidden = !told.includes(key);
    for (const part of row.querySelectorAll<HTMLElement>("dd span")) {
      const { value, field, unit } = part.dataset;
      if (value !== undefined) part.hidden = value !== pressed || (unit !== undefined && unit !== chosen);
      if (field && (value === undefined || pressed === GIVEN)) part.textContent = answers[field] ?? "";
      const said = field === "slot_words" ? answers["slot_say"] : "";
      if (said) part.dataset["say"] = said;
    }
  }
}
