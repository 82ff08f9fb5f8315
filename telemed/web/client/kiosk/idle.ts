// Nobody there any more: ask, count down, and wipe. A running call is not interrupted.

const QUIET_MS = 60_000;
const SECONDS = 20;

export class Idle {
  private quiet: number | undefined;
  private counting: number | undefined;
  private held = false;

  constructor(private readonly dialog: HTMLDialogElement, private readonly wipe: () => void) {
    for (const sign of ["pointerdown", "keydown", "input"]) {
      document.addEventListener(sign, () => this.rest(), { capture: true, passive: true });
    }
    dialog.addEventListener("close", () => this.rest());
    this.rest();
  }

  hold(held: boolean): void {
    this.held = held;
    this.rest();
  }

  private rest(): void {
    clearTimeout(this.quiet);
    clearInterval(this.counting);
    if (this.dialog.open) this.dialog.close();
    if (!this.held) this.quiet = setTimeout(() => this.ask(), QUIET_MS);
  }

  private ask(): void {
    let left = SECONDS;
    const count = this.dialog.querySelector(".count");
    const say = () => {
      if (count) count.textContent = String(left);
    };
    say();
    this.dialog.showModal();
    this.counting = setInterval(() => {
      left -= 1;
      say();
      if (left <= 0) {
        clearInterval(this.counting);
        this.wipe();
      }
    }, 1000);
  }
}
