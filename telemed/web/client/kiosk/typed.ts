// The answers of a form as it was sent, with the button that sent it.

import { GIVEN } from "../steps/evaluate";
import type { Answers } from "../steps/rules";

export function typed(form: HTMLFormElement, pressed: HTMLElement | null, key: string): Answers {
  const told: Answers = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string") told[name] = value;
  delete told["csrf_token"];
  told[key] = pressed instanceof HTMLButtonElement ? pressed.value : GIVEN;
  const { words, chosen = "" } = pressed?.dataset ?? {};
  return words ? { ...told, [`${key}_words`]: words, [`${key}_say`]: chosen } : told;
}
