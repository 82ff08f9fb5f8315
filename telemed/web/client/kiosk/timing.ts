// Pages on which time passes: resting, and counting breaths.

import type { Part } from "./part";
import { count, rest } from "./passing";

export class Timing implements Part {
  private end: (() => void) | null = null;

  shown(main: HTMLElement): void {
    const resting = main.querySelector<HTMLElement>("[data-clock]");
    const counter = main.querySelector<HTMLElement>("[data-counter]");
    this.end = resting ? rest(main, resting) : counter ? count(main, counter) : null;
  }

  left(): void {
    this.end?.();
    this.end = null;
  }
}
