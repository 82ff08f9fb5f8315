// Choosing a time: which kind of visit, which of the free times, and that it stays free while the patient goes on.

import type { Device } from "../device";
import { slotParts, WISH } from "../steps/submission";
import type { Memory } from "./memory";
import type { Screen } from "./pages";
import { fillKinds, fillSlots, type Kind } from "./slots";

export class Times {
  constructor(
    private readonly device: Device,
    private readonly screen: Screen,
    private readonly memory: Memory,
  ) {}

  // The kinds of visits as buttons; true when there is one only, so that nobody has to be asked.
  async onlyKind(main: HTMLElement): Promise<boolean> {
    const address = `/api/v1/visit-types?lang=${this.screen.language}`;
    const answer = await this.screen.patiently(() => this.device.fetch("GET", address));
    const { types } = (await answer.json()) as { types: Kind[] };
    const [only] = types;
    if (!only || types.length > 1) {
      fillKinds(main, types, this.memory.answers["type"]);
      return false;
    }
    this.memory.keep("type", { type: only.value });
    return true;
  }

  // The free times of a few days, the first ones or those from a day on.
  async offer(main: HTMLElement, from = ""): Promise<void> {
    const { type = "", slot } = this.memory.answers;
    const address = `/api/v1/slots?lang=${this.screen.language}&type=${type}&from=${from}`;
    await fillSlots(main, await this.screen.patiently(() => this.device.fetch("GET", address)), slot);
  }

  async turnTo(main: HTMLElement, from: string): Promise<void> {
    await this.offer(main, from);
    const day = main.querySelector<HTMLElement>("[data-slots] h2");
    if (!day) return;
    day.tabIndex = -1;
    day.focus();
  }

  // Keeps the chosen time; the code of what is wrong when it is gone already.
  async keep(): Promise<string | null> {
    const { slot = "", type = "", hold, type_words, slot_words } = this.memory.answers;
    if (type_words) this.memory.answers["slot_words"] = `${type_words}: ${slot_words ?? ""}`;
    if (slot.startsWith(WISH)) {
      await this.letGo();
      return null;
    }
    const wanted = { ...slotParts(slot), visit_type_id: type, instead_of: hold ?? null };
    const answer = await this.screen.patiently(() => this.device.fetch("POST", "/api/v1/holds", wanted));
    const told = (await answer.json()) as { id?: string; code?: string };
    if (told.id) {
      this.memory.answers["hold"] = told.id;
      return null;
    }
    this.memory.drop("slot");
    return told.code ?? "slot_taken";
  }

  // What was kept for somebody who leaves is for others again.
  async letGo(): Promise<void> {
    const { hold } = this.memory.answers;
    delete this.memory.answers["hold"];
    if (hold && !this.memory.receipt) await this.device.fetch("DELETE", `/api/v1/holds/${hold}`).catch(() => undefined);
  }
}
