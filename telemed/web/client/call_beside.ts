// What goes beside voice and film, for both sides: words, and pictures that one shows the other.

import type { Channel } from "../../../signaling/client/channel";
import type { Caps } from "../../../signaling/client/levels";
import type { Leg } from "../../../signaling/client/leg";
import { Parcels, SIZES, limits } from "../../../signaling/client/parcels";
import type { Role } from "../../../signaling/client/protocol";
import { part } from "./call_parts";
import { Showing, Shown } from "./call_pictures";
import { Asking, Posing } from "./call_sharp";
import { CallWords } from "./call_words";

const SAID_FOR = 20_000;

export interface BesideOptions {
  channel: Channel;
  role: Role;
  // What the line carries now.
  caps(): Caps;
  // What the camera shows, or null when nothing may be seen.
  camera(): HTMLVideoElement | null;
  // A sentence of the template by its data-text name; "" where it has none.
  text(name: string): string;
}

export class Beside {
  private readonly words: CallWords;
  private readonly parcels: Parcels;
  private readonly showing: Showing | null = null;
  private readonly shown: Shown | null = null;
  private readonly asking: Asking | null = null;
  private readonly posing: Posing | null = null;
  private readonly missing: HTMLElement;
  private said: ReturnType<typeof setTimeout> | undefined;
  private talks = false;

  constructor(root: HTMLElement, options: BesideOptions) {
    const { channel, role, caps, text, camera } = options;
    this.missing = part(root, "[data-call-dropped]");
    channel.on("dropped", () => this.tellMissing(this.talks));
    this.words = new CallWords(root, channel, role, text);
    const patient = role === "patient";
    this.parcels = new Parcels(patient ? SIZES.shown.film : SIZES.sharp.film, {
      caps,
      welcome: () => this.talks && (this.asking?.asked ?? true),
      coming: (share) => this.asking?.coming(share),
      got: (picture) => void (this.shown ?? this.asking)?.got(picture),
      bad: () => (this.shown ?? this.asking)?.bad(),
      gone: (share) => (this.showing ?? this.posing)?.gone(share),
    });
    const told = { channel, text, parcels: this.parcels };
    if (patient) {
      this.shown = new Shown(root, told, () => this.talks);
      this.posing = new Posing(root, told, { camera, limits: () => limits("sharp", caps()) }, () => this.talks);
      return;
    }
    this.showing = new Showing(root, told, () => limits("shown", caps()));
    this.asking = new Asking(root, told);
  }

  bind(leg: Leg | null): void {
    this.parcels.bind(leg?.pc ?? null);
    this.showing?.renewed();
    // A doctor's page that was made anew knows of no picture and could not take it away.
    this.shown?.close();
  }

  // Only while both may see and hear each other.
  run(on: boolean): void {
    if (on === this.talks) return;
    this.talks = on;
    this.tellMissing(false);
    if (on) return;
    this.parcels.stop();
    this.showing?.over();
    this.shown?.close();
    this.asking?.over();
    this.posing?.over();
  }

  // The call is over: nothing of it stays for whoever comes next.
  clear(): void {
    this.words.clear();
  }

  private tellMissing(is: boolean): void {
    clearTimeout(this.said);
    this.missing.hidden = !is;
    if (is) this.said = setTimeout(() => this.tellMissing(false), SAID_FOR);
  }
}
