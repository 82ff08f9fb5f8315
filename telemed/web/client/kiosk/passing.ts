// A rest that ends by itself, and a minute in which each touch is a breath.

import type { Over } from "./idle";

// The word alone: imported as a value it would have to be among what the first page holds for others.
const OVER: Over = "telemed:over";

const TICK_MS = 250;

export function rest(main: HTMLElement, clock: HTMLElement): () => void {
  const goOn = main.querySelector<HTMLButtonElement>("button.main");
  clock.hidden = false;
  if (goOn) goOn.hidden = true;
  return pass(Number(clock.dataset["clock"]), clock.querySelector("[data-left]"), () => {
    clock.hidden = true;
    over(main, goOn);
  });
}

// The first breath starts the minute; from breath to breath, so that the last gap is not counted.
export function count(main: HTMLElement, counter: HTMLElement): () => void {
  const tap = counter.querySelector<HTMLButtonElement>("[data-tap]");
  const shown = counter.querySelector<HTMLElement>("[data-counted]");
  const typed = main.querySelector<HTMLElement>(".entries");
  const input = typed?.querySelector<HTMLInputElement>("input");
  const goOn = main.querySelector<HTMLButtonElement>(".actions button.main");
  let stop: (() => void) | null = null;
  let breaths = 0;
  if (!tap || !typed || !input) return () => undefined;
  const counting = (now: boolean) => {
    counter.hidden = !now;
    for (const part of [typed, goOn, main.querySelector<HTMLElement>(".keys")]) if (part) part.hidden = now;
  };
  // What was counted before stands there until it is counted again.
  counting(input.value === "");
  tap.addEventListener("click", () => {
    breaths += 1;
    if (shown) shown.textContent = String(breaths);
    stop ??= pass(Number(counter.dataset["counter"]), counter.querySelector("[data-left]"), () => {
      input.value = String(breaths);
      counting(false);
      over(main, goOn);
    });
  });
  return () => stop?.();
}

function over(main: HTMLElement, goOn: HTMLButtonElement | null): void {
  const said = main.querySelector<HTMLElement>("[data-over]");
  if (said) said.hidden = false;
  if (goOn) {
    goOn.hidden = false;
    goOn.focus();
  }
  document.dispatchEvent(new Event(OVER));
}

// By the clock and not by ticks: a page in the background ticks late.
function pass(seconds: number, shown: Element | null, done: () => void): () => void {
  const end = Date.now() + seconds * 1000;
  const ticking = setInterval(() => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    if (shown) shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left > 0) return;
    clearInterval(ticking);
    done();
  }, TICK_MS);
  return () => clearInterval(ticking);
}
