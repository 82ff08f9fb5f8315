// Pages that take a reading get their device; what speaks Bluetooth is loaded only there.

import type { Reading } from "../devices/reading";
import type { Part, Room } from "./part";

export class Devices implements Part {
  private reading: Reading | null = null;
  private turn = 0;

  constructor(private readonly room: Room) {}

  async shown(main: HTMLElement, key: string): Promise<void> {
    const step = this.room.rules.steps[key];
    const form = main.querySelector("form");
    if (!form || !step?.measuring?.device || !("bluetooth" in navigator)) return;
    const mine = ++this.turn;
    const { Reading } = await import("../devices/reading");
    if (mine !== this.turn || !form.isConnected) return;
    this.reading = new Reading(form, step, this.room.device);
    void this.reading.begin();
  }

  left(): void {
    this.turn += 1;
    this.reading?.end();
    this.reading = null;
  }
}
