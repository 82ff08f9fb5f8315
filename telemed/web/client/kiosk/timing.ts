// Pages on which time passes: resting, and counting breaths. Their code is loaded only there.

import type { Part } from "./part";

export class Timing implements Part {
  private end: (() => void) | null = null;
  private turn = 0;

  async shown(main: HTMLElement): Promise<void> {
    const mine = ++this.turn;
    const resting = main.querySelector<HTMLElement>("[data-clock]");
    const counter = main.querySelector<HTMLElement>("[data-counter]");
    if (!resting && !counter) return;
    const { count, rest } = await import("./passing");
    if (mine !== this.turn || !main.isConnected) return;
    this.end = resting ? rest(main, resting) : counter ? count(main, counter) : null;
  }

  left(): void {
    this.turn += 1;
    this.end?.();
    this.end = null;
  }
}
