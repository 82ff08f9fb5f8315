// All that comes after the first question: measuring, times, filing, the slip, and waiting for the doctor. It is
// built by itself and fetched while the second question is read; what the first page has already it takes from there.

import { path, today } from "../steps/evaluate";
import { Devices } from "./devices";
import { fill } from "./pages";
import type { Part, Room } from "./part";
import { fillReview } from "./review";
import { arrive, goHome, send } from "./sending";
import { fillSlip, offerPaper } from "./slip";
import { Times } from "./times";
import { Timing } from "./timing";
import type { Again, Visit, Written } from "./waiting";

export class Further implements Part {
  readonly acts = {
    home: () => void goHome(this.room),
    ready: (button: HTMLElement) => void this.visit?.ready(this.room.screen.main, button.dataset["company"] ?? ""),
    times: (button: HTMLElement) => void this.times.turnTo(this.room.screen.main, button.dataset["from"] ?? ""),
  };
  private readonly times: Times;
  private readonly parts: Part[];
  private again: Again | null = null;
  private visit: Visit | null = null;
  private written: Written | null = null;

  constructor(private readonly room: Room) {
    this.times = new Times(room.device, room.screen, room.memory);
    this.parts = [new Devices(room), new Timing()];
  }

  async shown(main: HTMLElement, key: string): Promise<void> {
    await Promise.all([this.enliven(main, key), ...this.parts.map((part) => part.shown?.(main, key))]);
  }

  left(): void {
    this.visit?.end();
    this.again?.left();
    this.written?.left();
    this.visit = this.again = this.written = null;
    for (const part of this.parts) part.left?.();
  }

  async gone(): Promise<void> {
    await Promise.all([this.visit?.leave(), this.times.letGo()]);
  }

  // What was answered here goes to the service; true when that has decided what comes next.
  async answered(key: string): Promise<boolean> {
    if (key === "arrive") await arrive(this.room);
    else if (key === "review") await send(this.room);
    else if (key === "slot") {
      const code = await this.times.keep();
      if (!code) return false;
      await this.room.show("slot", "stay", [{ field: "slot", code }]);
    } else return false;
    return true;
  }

  private async enliven(main: HTMLElement, key: string): Promise<void> {
    const { rules, memory, idle } = this.room;
    if (key === "type") {
      if (await this.times.onlyKind(main)) return this.room.show("slot", "replace");
    } else if (key === "slot") {
      await this.times.offer(main);
    } else if (key === "review") {
      fillReview(main, memory.answers, path(rules, memory.answers, today()).keys);
    } else if (key === "booked" && memory.receipt) {
      fillSlip(main, memory.receipt);
      // It comes while the slip is read, and not when the doctor does.
      if (memory.visit) await this.bringWaiting();
    } else if (key === "early") {
      fill(main, { when: memory.when });
    } else if (key === "waiting" && memory.visit) {
      await this.wait(main, memory.visit);
    } else if (key === "summary") {
      // Nothing of the visit is shown before it is known that somebody is still there to read it.
      await idle.ask("over");
      await offerPaper(main, this.room);
    }
  }

  private async wait(main: HTMLElement, id: string): Promise<void> {
    const { device, screen, idle } = this.room;
    const { Again, Visit, Written } = await this.bringWaiting();
    if (!main.isConnected) return;
    this.again = new Again(this.room, new Devices(this.room), new Timing());
    this.again.shown(main, "waiting");
    this.written = new Written(this.room);
    this.written.shown(main, "waiting");
    this.visit = new Visit(device, screen, idle, id, (signed) => this.over(signed));
    await this.visit.begin(main);
  }

  private bringWaiting(): Promise<typeof import("./waiting")> {
    return this.room.screen.patiently(() => import("./waiting"));
  }

  private over(signed: boolean): void {
    if (signed) void this.room.show("summary", "replace");
    else this.room.wipe();
  }
}
