// The Listen button: the first press reads this page and, for this patient, every page that follows.

import { ALOUD } from "./aloud";
import type { Part, Room } from "./part";
import type { Reader } from "./reader";
import type { FieldInfo } from "./spoken_parts";

const HINT_MS = 10_000;

export class Listen implements Part {
  readonly acts = { listen: () => void this.press() };
  private reader: Reader | null = null;
  private on = false;
  private turn = 0;
  private readonly button = document.querySelector<HTMLElement>("[data-do=listen]");

  constructor(private readonly room: Room) {
    this.button?.toggleAttribute("hidden", !this.button.dataset["sounds"]);
    if (location.hash !== ALOUD) return;
    history.replaceState(null, "", location.pathname);
    this.on = true;
  }

  async shown(): Promise<void> {
    if (!this.on) return;
    void this.aloud(await this.read());
  }

  left(): void {
    this.reader?.hush();
  }

  // While it speaks a press silences it, for this page and the next ones; else it reads the page again.
  private async press(): Promise<void> {
    // Shown before anybody watches for what appears: it is said once.
    const hint = this.reader === null ? this.advise() : null;
    const speaks = this.reader?.speaks ?? false;
    this.on = !speaks;
    if (speaks) return this.left();
    const reader = await this.read();
    void this.aloud(reader, hint);
  }

  private async aloud(reader: Reader, hint: HTMLElement | null = null): Promise<void> {
    const mine = ++this.turn;
    this.room.idle.listens(true);
    if (hint) await reader.say(hint);
    if (mine === this.turn) await reader.page();
    if (mine === this.turn) this.room.idle.listens(false);
  }

  private async read(): Promise<Reader> {
    if (this.reader) return this.reader;
    const [{ Reader }, { Sounds }] = await Promise.all([import("./reader"), import("./sounds")]);
    const { sounds = "", chapters = "" } = this.button?.dataset ?? {};
    const fields = (name: string) => this.field(name);
    this.reader ??= new Reader(new Sounds(sounds, chapters.split(" ")), document.documentElement.lang, fields);
    return this.reader;
  }

  private advise(): HTMLElement | null {
    const hint = document.getElementById("headphones");
    hint?.toggleAttribute("hidden", false);
    setTimeout(() => hint?.toggleAttribute("hidden", true), HINT_MS);
    return hint;
  }

  private field(name: string): FieldInfo | undefined {
    for (const step of Object.values(this.room.rules.steps)) {
      const found = step.fields.find((field) => field.name === name);
      if (found) return { kind: found.kind, code: found.measures ?? "" };
    }
    return undefined;
  }
}
