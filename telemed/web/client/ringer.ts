// Rings aloud while somebody rings for whoever looks at this page, or is in another tab. A browser that may not
// sound before it is touched says so, and every touch lets it.

const EVERY = 5_000;
const TONES = [784, 587, 784];
const LENGTH_S = 0.22;
const LOUD = 0.25;

interface Told {
  rings: boolean;
  said: string;
}

export class Ringer {
  private readonly sound = new AudioContext();
  private quietFor = "";
  private rungFor = "";
  private told: Told = { rings: false, said: "" };

  // Whoever talks to a patient is rung for once, and not again until somebody else rings.
  constructor(private readonly root: HTMLElement, private readonly talks: () => boolean) {
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => void this.wake(), { passive: true });
    this.part("sound").addEventListener("click", () => void this.wake());
    this.part("quiet").addEventListener("click", () => {
      this.quietFor = this.told.said;
      this.show();
    });
    setInterval(() => void this.look(), EVERY);
    void this.look();
  }

  private async wake(): Promise<void> {
    await this.sound.resume().catch(() => undefined);
    this.show();
  }

  private async look(): Promise<void> {
    const asked = { cache: "no-store", redirect: "error" } as const;
    const answer = await fetch(this.root.dataset["url"] ?? "", asked).catch(() => null);
    if (!answer?.ok) return;
    this.told = (await answer.json()) as Told;
    if (this.told.said !== this.quietFor) this.quietFor = "";
    this.show();
    if (this.rings && !(this.talks() && this.rungFor === this.told.said)) this.ring();
    this.rungFor = this.told.said;
  }

  // Who has said to be quiet about this one is rung for the next.
  private get rings(): boolean {
    return this.told.rings && this.quietFor === "";
  }

  private show(): void {
    const line = this.part("said");
    if (line.textContent !== this.told.said) line.textContent = this.told.said;
    this.part("rings").hidden = !this.rings;
    this.part("asks").hidden = this.sound.state === "running";
  }

  private ring(): void {
    if (this.sound.state !== "running") return;
    const loudness = new GainNode(this.sound, { gain: LOUD });
    loudness.connect(this.sound.destination);
    TONES.forEach((frequency, place) => {
      const tone = new OscillatorNode(this.sound, { type: "sine", frequency });
      tone.connect(loudness);
      tone.start(this.sound.currentTime + place * LENGTH_S);
      tone.stop(this.sound.currentTime + (place + 1) * LENGTH_S);
    });
  }

  private part(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`[data-ringer-${name}]`);
    if (!found) throw new Error(`the page lacks ${name}`);
    return found;
  }
}
