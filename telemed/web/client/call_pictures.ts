// The doctor shows the patient a picture: chosen here, made small, sent piece by piece, large on the kiosk's screen until
// either of them closes it. It is kept nowhere.

import type { Channel } from "../../../signaling/client/channel";
import type { Parcels } from "../../../signaling/client/parcels";
import type { Limits } from "../../../signaling/client/picture";
import { drawn, shrunk } from "../../../signaling/client/shrinking";
import { bring, part } from "./call_parts";
import { STANDS, Standstill } from "./standstill";

// A camera's picture has 20 MB at most; what is larger would only stop the page.
const LARGEST_FILE = 40_000_000;

export interface Told {
  channel: Channel;
  parcels: Parcels;
  // A sentence of the template by its data-text name.
  text(name: string): string;
}

// The doctor's side.
export class Showing {
  private readonly bar: HTMLProgressElement;
  private readonly said: HTMLElement;
  private readonly standstill: Standstill;
  private turn = 0;
  // Whether a picture is meant to be seen.
  private wanted = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly told: Told,
    private readonly limits: () => Limits,
    stands = STANDS,
  ) {
    this.standstill = new Standstill(() => this.stuck(), stands);
    this.bar = part(root, "[data-call-going]");
    this.said = part(root, "[data-call-shows]");
    const pick = part<HTMLInputElement>(root, "[data-call-pick]");
    pick.addEventListener("change", () => {
      const [file] = pick.files ?? [];
      // The same file may be chosen twice.
      if (file) void this.show(file).finally(() => (pick.value = ""));
    });
    part(root, "[data-call-keep]").addEventListener("click", () => this.close());
    part(root, "[data-call-away]").addEventListener("click", () => this.close());
    told.channel.on("picture", ({ state }) => this.heard(state));
  }

  gone(share: number): void {
    this.standstill.at(share);
    if (!this.bar.hidden) this.bar.value = share;
  }

  // Nothing is on its way, and nothing is seen.
  over(): void {
    this.turn += 1;
    this.wanted = false;
    this.told.parcels.stop();
    this.look("", "");
  }

  // What was on its way comes once more over the new connection; what was seen is seen no longer.
  renewed(): void {
    if (!this.bar.hidden) this.standstill.begin();
    if (part(this.root, "[data-call-away]").hidden) return;
    this.wanted = false;
    this.look("", "");
  }

  private close(): void {
    this.told.channel.say("picture", { state: "away" });
    this.over();
  }

  // It went out, or did not, and the other side says nothing: should it come yet, it is taken away.
  private stuck(): void {
    this.close();
    this.look("", "picture_stuck");
  }

  private async show(file: File): Promise<void> {
    const turn = ++this.turn;
    this.wanted = false;
    this.told.parcels.stop();
    this.look("going", "picture_going");
    this.bar.removeAttribute("value");
    const bytes = file.size > LARGEST_FILE ? null : await made(file, this.limits());
    if (turn !== this.turn) return;
    if (!bytes) return this.look("", "picture_none");
    this.wanted = true;
    this.told.parcels.send(bytes);
  }

  private heard(state: unknown): void {
    if (!this.wanted) {
      // Its last pieces were quicker than the word that took it back.
      if (state === "shown") this.told.channel.say("picture", { state: "away" });
      return;
    }
    if (state === "shown") this.look("there", "picture_shown");
    else if (state === "closed") this.look("", "picture_closed");
    else if (state === "bad") this.look("", "picture_bad");
  }

  private look(now: "going" | "there" | "", words: string): void {
    this.bar.hidden = part(this.root, "[data-call-keep]").hidden = now !== "going";
    part(this.root, "[data-call-away]").hidden = now !== "there";
    if (now === "going") this.standstill.begin();
    else this.standstill.end();
    this.said.textContent = words && this.told.text(words);
  }
}

async function made(file: Blob, limits: Limits): Promise<Uint8Array | null> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const bytes = await shrunk({ wide: bitmap.width, high: bitmap.height }, limits, drawn(bitmap));
  bitmap.close();
  return bytes;
}

// The kiosk's side.
export class Shown {
  private readonly place: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private turn = 0;

  constructor(root: HTMLElement, private readonly told: Told, private readonly talks: () => boolean) {
    this.place = part(root, "[data-call-picture]");
    this.canvas = part(this.place, "canvas");
    part(this.place, "button").addEventListener("click", () => {
      this.told.channel.say("picture", { state: "closed" });
      this.close();
    });
    told.channel.on("picture", ({ state }) => state === "away" && this.close());
  }

  async got(picture: Blob): Promise<void> {
    const turn = ++this.turn;
    const seen = await painted(this.canvas, picture);
    if (turn !== this.turn || !this.talks()) return this.close();
    if (!seen) return this.bad();
    bring(this.place);
    this.told.channel.say("picture", { state: "shown" });
  }

  bad(): void {
    this.close();
    this.told.channel.say("picture", { state: "bad" });
  }

  close(): void {
    this.turn += 1;
    this.place.hidden = true;
    this.canvas.width = 1;
  }
}

// A canvas leaves nothing behind: no address, no file, and no hole in the policy of what a page may load.
export async function painted(canvas: HTMLCanvasElement, picture: Blob): Promise<boolean> {
  const bitmap = await createImageBitmap(picture).catch(() => null);
  if (!bitmap) return false;
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return true;
}
