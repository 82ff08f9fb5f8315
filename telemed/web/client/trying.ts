// Trying camera, microphone, loudspeaker and line on a page, each with a picture, a plain verdict and a remedy.

import { judged, ways, worstLoss, type Needs } from "../../../signaling/client/line_figures";
import { ASKED_FOR, Busy, reach, tryLine, type Asked } from "../../../signaling/client/probe";

type Is = "waits" | "runs" | "good" | "weak" | "bad";
type Part = "camera" | "microphone" | "speaker" | "line" | "ways";

const LISTEN_MS = 6_000;
const HEARD = 0.02;
const HEARD_TIMES = 4;
const TONES = [523, 659, 784];
const TONE_S = 0.35;

export class Trying {
  private readonly needs: Needs;
  private readonly held: MediaStreamTrack[] = [];

  constructor(private readonly place: HTMLElement, private readonly asked: Asked) {
    this.needs = JSON.parse(place.dataset["needs"] ?? "{}") as Needs;
    this.button("begin")?.addEventListener("click", () => void this.begin());
    this.button("again")?.addEventListener("click", () => void this.play());
    this.button("heard")?.addEventListener("click", () => this.answered(true));
    this.button("unheard")?.addEventListener("click", () => this.answered(false));
    addEventListener("pagehide", () => this.letGo());
  }

  private async begin(): Promise<void> {
    this.letGo();
    this.place.dataset["begun"] = "";
    const begin = this.button("begin");
    begin?.setAttribute("disabled", "");
    this.say("speaker", "waits", "");
    const line = this.tryLine();
    await this.tryCamera();
    await this.tryMicrophone();
    await this.play();
    await line;
    begin?.removeAttribute("disabled");
  }

  private async tryCamera(): Promise<void> {
    this.say("camera", "runs", "");
    const stream = await this.open("camera", { video: { width: { ideal: 640 }, height: { ideal: 480 } } });
    const picture = this.place.querySelector("video");
    if (!stream || !picture) return;
    picture.srcObject = stream;
    picture.hidden = false;
    await picture.play().catch(() => undefined);
    this.say("camera", "good", "works");
  }

  private async tryMicrophone(): Promise<void> {
    this.say("microphone", "runs", "speak");
    const stream = await this.open("microphone", { audio: true });
    if (!stream) return;
    const heard = await this.hears(stream);
    this.say("microphone", heard ? "good" : "bad", heard ? "works" : "silent");
    stream.getTracks().forEach((track) => track.stop());
  }

  private async hears(stream: MediaStream): Promise<boolean> {
    const context = new AudioContext();
    const ear = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(ear);
    const meter = this.place.querySelector("meter");
    const wave = new Float32Array(ear.fftSize);
    let times = 0;
    for (const until = performance.now() + LISTEN_MS; times < HEARD_TIMES && performance.now() < until; ) {
      await new Promise((go) => setTimeout(go, 100));
      ear.getFloatTimeDomainData(wave);
      const level = Math.sqrt(wave.reduce((sum, value) => sum + value * value, 0) / wave.length);
      if (meter) meter.value = Math.min(1, level * 5);
      if (level > HEARD) times++;
    }
    await context.close();
    return times >= HEARD_TIMES;
  }

  private async open(part: Part, wish: MediaStreamConstraints): Promise<MediaStream | null> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia(wish);
      this.held.push(...stream.getTracks());
      return stream;
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "";
      this.say(part, "bad", name === "NotAllowedError" ? "refused" : name === "NotReadableError" ? "taken" : "missing");
      return null;
    }
  }

  private async play(): Promise<void> {
    const context = new AudioContext();
    this.say("speaker", "runs", "ask");
    for (const [index, tone] of TONES.entries()) {
      const voice = new OscillatorNode(context, { frequency: tone });
      const loud = new GainNode(context, { gain: 0.3 });
      voice.connect(loud).connect(context.destination);
      voice.start(context.currentTime + index * TONE_S);
      voice.stop(context.currentTime + index * TONE_S + TONE_S * 0.8);
    }
    await new Promise((go) => setTimeout(go, TONES.length * TONE_S * 1000));
    await context.close();
    this.button("heard")?.focus();
  }

  private answered(heard: boolean): void {
    this.say("speaker", heard ? "good" : "bad", heard ? "works" : "silent");
  }

  private async tryLine(): Promise<void> {
    this.say("line", "runs", "tried");
    this.say("ways", "runs", "");
    try {
      const tried = await tryLine(this.asked, ASKED_FOR);
      const verdict = judged(tried.figures, this.needs);
      this.say("line", verdict === "video" ? "good" : verdict === "audio" ? "weak" : "bad", verdict);
      const { up, down, rtt, jitter } = tried.figures;
      this.count({ up, down, rtt, jitter, loss: worstLoss(tried.figures) });
      await this.tryWays(tried.direct === true);
    } catch (error) {
      const full = error instanceof Busy;
      this.say("line", full ? "weak" : "bad", full ? "full" : "none");
      this.say("ways", "waits", "");
    }
  }

  private async tryWays(direct: boolean): Promise<void> {
    const reached = await reach(await this.asked.relays());
    const found = ways(reached, direct);
    this.say("ways", found === "open" ? "good" : found === "narrow" ? "weak" : found === "blocked" ? "bad" : "waits", found);
    for (const line of this.place.querySelectorAll<HTMLElement>("[data-way]")) {
      const way = line.dataset["way"] as keyof typeof reached | "direct";
      const open = way === "direct" ? direct : reached[way];
      line.hidden = open === undefined;
      line.querySelectorAll<HTMLElement>("[data-open]").forEach((word) => (word.hidden = word.dataset["open"] !== String(open)));
    }
  }

  private count(numbers: Record<string, number | null>): void {
    for (const place of this.place.querySelectorAll<HTMLElement>("[data-number]")) {
      const number = numbers[place.dataset["number"] ?? ""];
      place.textContent = number === null || number === undefined ? "–" : number.toLocaleString(document.documentElement.lang);
    }
    this.place.querySelector("details")?.removeAttribute("hidden");
  }

  private say(part: Part, is: Is, says: string): void {
    const section = this.place.querySelector<HTMLElement>(`[data-part="${part}"]`);
    if (!section) return;
    section.dataset["is"] = is;
    for (const words of section.querySelectorAll<HTMLElement>("[data-says]")) {
      words.hidden = !words.dataset["says"]?.split(" ").includes(says);
    }
  }

  private letGo(): void {
    for (const track of this.held.splice(0)) track.stop();
  }

  private button(act: string): HTMLButtonElement | null {
    return this.place.querySelector(`[data-act="${act}"]`);
  }
}
