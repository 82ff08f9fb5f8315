// Pages that take a reading get their device; what speaks Bluetooth is loaded only there.

import type { Reading } from "../devices/reading";
import type { Part, Room } from "./part";

export class Devices implements Part {
  private reading: Reading | null = null;
  private turn = 0;

  constructor(private readonly room: Room) {}

  async shown(main: HTMLElement): Promise<void> {
    const form = main.querySelector<HTMLFormElement>("form[data-reading]");
    if (!form || !("bluetooth" in navigator)) return;
    const mine = ++this.turn;
    const { Reading } = await import("../devices/reading");
    if (mine !== this.turn || !form.isConnected) return;
    this.reading = new Reading(form, this.room.device);
    void this.reading.begin();
  }

  left(): void {
    this.turn += 1;
    this.reading?.end();
    this.reading = null;
  }
}
