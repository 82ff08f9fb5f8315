// Who may be seen and heard: nothing leaves either page before the doctor admits this very visit.

import type { Channel } from "./channel";
import type { Role } from "./protocol";

export class Admission {
  constructor(
    private readonly role: Role,
    readonly visit: string,
    public open: boolean,
    private readonly channel: Channel,
    private readonly changed: () => void,
  ) {
    channel.on("not_yet", () => this.close());
    if (role === "patient") channel.on("admit", ({ visit }) => this.asked(visit));
    else channel.on("admitted", ({ visit }) => visit !== this.visit && this.close());
  }

  // The doctor's agreement. It is said again to every new connection, for a page may have been reloaded.
  admit(): void {
    this.turn(true);
    this.sayAgain();
  }

  // What the practitioner's side carries to the patient's: in an answer, or over an open channel.
  get carried(): string | undefined {
    return this.role === "practitioner" && this.open ? this.visit : undefined;
  }

  sayAgain(): void {
    if (this.carried) this.channel.say("admit", { visit: this.visit });
  }

  // The patient's side hears that the doctor admits; a word about another visit admits nobody.
  asked(visit: unknown): void {
    const ours = visit === this.visit;
    this.channel.say(ours ? "admitted" : "not_yet", { visit: this.visit });
    if (ours) this.turn(true);
  }

  // What one page was allowed is not allowed to the next: that may be another doctor's, near in silence.
  left(): void {
    if (this.role === "patient") this.close();
  }

  close(): void {
    this.turn(false);
  }

  private turn(open: boolean): void {
    if (this.open === open) return;
    this.open = open;
    this.changed();
  }
}
