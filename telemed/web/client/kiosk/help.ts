// The Emergency button and a yes to the danger question: the doctor on duty is called to this kiosk. The page
// with the number is there before any question and needs no line; the call is repeated until it has arrived.

import type { Part, Room } from "./part";
import { uuid7 } from "./uuid7";

const PAGE = "emergency";
const SAME_MS = 60_000;
const AGAIN_MS = 2_000;
const MOST_MS = 20_000;
const GIVE_UP_MS = 10 * 60_000;

type Why = "pressed" | "danger";

export class Help implements Part {
  readonly acts = { [PAGE]: () => this.press() };
  private since = 0;
  private said = "";

  constructor(private readonly room: Room) {}

  shown(_main: HTMLElement, key: string): void {
    if (key !== PAGE) return void this.room.screen.bring(PAGE).catch(() => undefined);
    if (this.room.memory.answers["danger"] === "yes") void this.call("danger");
    this.say(this.said);
  }

  private press(): void {
    void this.call("pressed");
    void this.room.show(PAGE, "push");
  }

  // A second press within a minute is the same call.
  private async call(why: Why): Promise<void> {
    // The clock of a kiosk may be set back meanwhile.
    if (Math.abs(Date.now() - this.since) < SAME_MS) return;
    const mine = (this.since = Date.now());
    this.said = "";
    const body = { id: uuid7(mine), why };
    for (let wait = AGAIN_MS; Date.now() - mine < GIVE_UP_MS; wait = Math.min(wait * 2, MOST_MS)) {
      const called = await this.ask(body);
      this.say(called ?? "unreached");
      if (called) return;
      await new Promise((go) => setTimeout(go, wait));
    }
  }

  private async ask(body: { id: string; why: Why }): Promise<string | null> {
    try {
      const answer = await this.room.device.fetch("POST", "/api/v1/emergencies", body);
      return answer.ok ? ((await answer.json()) as { called: string }).called : null;
    } catch {
      return null;
    }
  }

  private say(called: string): void {
    this.said = called;
    if (!called) return;
    for (const line of this.room.screen.main.querySelectorAll<HTMLElement>("[data-called]")) {
      line.hidden = line.dataset["called"] !== called;
    }
  }
}
