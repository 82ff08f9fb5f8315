// Whether anybody is still there: asked aloud and on the screen, by the rules of the step; else everything is wiped.

import { chime } from "./chime";
import { askAfter, COUNTED_S, secondsToAnswer, type Watch, type Why } from "./idle_rules";

// Sent by a page whose rest, count or reading has ended.
export type Over = "telemed:over";
const OVER: Over = "telemed:over";

export class Idle {
  private quiet: number | undefined;
  private counting: number | undefined;
  private watch: Watch = "ask";
  private longer = false;
  private held = false;
  private listening = false;
  private answered: (() => void) | null = null;

  constructor(private readonly dialog: HTMLDialogElement, private readonly wipe: () => void) {
    for (const sign of ["pointerdown", "keydown", "input"]) {
      document.addEventListener(sign, () => this.touched(), { capture: true, passive: true });
    }
    dialog.addEventListener("close", () => this.said());
    document.addEventListener(OVER, () => void this.ask("end"));
    this.begin();
  }

  // Another page, with its own time.
  page(watch: Watch): void {
    this.watch = watch;
    this.longer = false;
    this.begin();
  }

  // Somebody at the counter knows better for a while.
  hold(held: boolean): void {
    this.held = held;
    this.begin();
  }

  // Who is being read to touches nothing; no page is read for longer than a rest takes.
  listens(listening: boolean): void {
    this.listening = listening;
    this.begin();
  }

  // The clerk says that the patient is coming back.
  wait(): void {
    this.longer = true;
    this.begin();
  }

  // Resolves when somebody says "I am here"; when nobody does, there is nothing left to go on with.
  ask(why: Why): Promise<void> {
    this.stop();
    // What ran is over; from now on it is a question like any other.
    if (why === "end") this.watch = "ask";
    for (const words of this.dialog.querySelectorAll<HTMLElement>("[data-why]")) {
      words.hidden = words.dataset["why"] !== why;
    }
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.dispatchEvent(new Event("asked"));
    chime();
    this.count(secondsToAnswer(why));
    return new Promise((go) => (this.answered = go));
  }

  private touched(): void {
    if (this.dialog.open) return;
    this.longer = false;
    this.begin();
  }

  private said(): void {
    const answered = this.answered;
    this.answered = null;
    this.begin();
    answered?.();
  }

  private begin(): void {
    this.stop();
    const watch = this.listening && this.watch === "ask" ? "presence" : this.watch;
    const after = this.held || this.dialog.open ? null : askAfter(watch, this.longer);
    if (after !== null) this.quiet = setTimeout(() => void this.ask("still"), after);
  }

  stop(): void {
    clearTimeout(this.quiet);
    clearInterval(this.counting);
  }

  private count(left: number): void {
    const place = this.dialog.querySelector<HTMLElement>(".count");
    const say = () => {
      if (!place) return;
      place.textContent = String(left);
      place.hidden = left > COUNTED_S;
    };
    say();
    this.counting = setInterval(() => {
      left -= 1;
      say();
      if (left === COUNTED_S) chime();
      if (left > 0) return;
      this.stop();
      this.wipe();
    }, 1000);
  }
}
