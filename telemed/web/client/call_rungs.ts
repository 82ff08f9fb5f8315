// Which rung the call is on, in words; the picture that comes one by one; and a person's choice against the line's.

import type { Channel } from "../../../signaling/client/channel";
import type { Rung } from "../../../signaling/client/levels";
import type { Leg } from "../../../signaling/client/leg";
import { Steering, type Seen, type View } from "../../../signaling/client/steering";

export interface RungsOptions {
  channel: Channel;
  known?: number | null;
  inTurn(run: () => Promise<void>): Promise<void>;
  camera(): HTMLVideoElement | null;
  // A sentence of the template by its data-text name; "" where it has none.
  text(name: string): string;
  seen?(second: Seen): void;
}

const CHOICES: readonly Rung[] = ["video", "stills", "audio"];
const AGE_EVERY = 1_000;

export class Rungs {
  private readonly steering: Steering;
  private readonly still: HTMLCanvasElement;
  private readonly said: HTMLElement;
  private readonly age: HTMLElement;
  private stillAt: number | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly root: HTMLElement, private readonly options: RungsOptions) {
    this.still = part(root, "[data-call-still]");
    this.said = part(root, "[data-call-line]");
    this.age = part(root, "[data-call-age]");
    this.steering = new Steering({
      ...options,
      changed: (view) => this.show(view),
      still: (picture) => void this.draw(picture),
    });
    for (const choice of root.querySelectorAll<HTMLInputElement>("[data-call-choice]")) {
      choice.addEventListener("change", () => this.steering.choose(choice.checked ? meant(choice) : null));
    }
  }

  get view(): View {
    return this.steering.view;
  }

  bind(leg: Leg | null): void {
    this.steering.bind(leg);
    this.forgetStill();
  }

  run(on: boolean): void {
    this.steering.run(on);
    clearInterval(this.timer);
    this.timer = on ? setInterval(() => this.tellAge(), AGE_EVERY) : undefined;
    this.said.hidden = !on || this.said.textContent === "";
    if (!on) this.forgetStill();
  }

  choose(rung: Rung | null): void {
    this.steering.choose(rung);
  }

  private show(view: View): void {
    this.root.dataset["callRung"] = view.rung;
    const words = this.sentence(view);
    if (this.said.textContent !== words) this.said.textContent = words;
    this.said.hidden = words === "" || this.timer === undefined;
    for (const choice of this.root.querySelectorAll<HTMLInputElement>("[data-call-choice]")) {
      choice.checked = meant(choice) === view.hands.own;
    }
    if (view.rung !== "stills") this.forgetStill();
  }

  private sentence(view: View): string {
    const { text } = this.options;
    if (view.by === "hand") return text(`rung_${view.hands.own === view.rung ? "own" : "other"}_${view.rung}`);
    if (view.proposal) return text(`rung_${view.proposal}`);
    const what = text(`rung_${view.small ? "small" : view.rung}`);
    return what && `${what} ${text(`why_${view.why}`)}`.trim();
  }

  private async draw(picture: Blob): Promise<void> {
    const bitmap = await createImageBitmap(picture).catch(() => null);
    if (!bitmap || this.timer === undefined) return;
    [this.still.width, this.still.height] = [bitmap.width, bitmap.height];
    this.still.getContext("2d")?.drawImage(bitmap, 0, 0);
    bitmap.close();
    this.stillAt = performance.now();
    this.still.hidden = this.view.rung !== "stills";
    this.tellAge();
  }

  private tellAge(): void {
    this.age.hidden = this.still.hidden || this.stillAt === null;
    if (this.stillAt === null) return;
    const seconds = Math.round((performance.now() - this.stillAt) / 1000);
    this.age.textContent = this.options.text("still_age").replace("{seconds}", String(seconds));
  }

  // Somebody's face stays on no screen when it is not theirs to see any more.
  private forgetStill(): void {
    this.stillAt = null;
    this.still.hidden = this.age.hidden = true;
    this.still.width = 1;
  }
}

function meant(choice: HTMLInputElement): Rung | null {
  return CHOICES.find((rung) => rung === choice.value) ?? null;
}

function part<Kind extends HTMLElement>(root: HTMLElement, selector: string): Kind {
  const found = root.querySelector<Kind>(selector);
  if (!found) throw new Error(`the call panel lacks ${selector}`);
  return found;
}
