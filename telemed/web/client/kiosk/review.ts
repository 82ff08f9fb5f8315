// Fills the review page, which holds every question, with the answers on the way actually gone.

import { GIVEN } from "../steps/evaluate";
import type { Answers } from "../steps/rules";

export function fillReview(main: HTMLElement, answers: Answers, told: string[]): void {
  for (const row of main.querySelectorAll<HTMLElement>("[data-row]")) {
    const key = row.dataset["row"] ?? "";
    const pressed = answers[key] ?? "";
    row.hidden = !told.includes(key);
    for (const part of row.querySelectorAll<HTMLElement>("dd span")) {
      const { value, field } = part.dataset;
      if (value !== undefined) part.hidden = value !== pressed;
      if (field && (value === undefined || pressed === GIVEN)) part.textContent = answers[field] ?? "";
    }
  }
}
