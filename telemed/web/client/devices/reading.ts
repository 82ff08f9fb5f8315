// A page that takes a reading: the device fills it in, typing stays possible at any moment. The words for
// every state stand in the page; here only one of them is shown.

import type { Device } from "../device";
import type { StepRule } from "../steps/rules";
import { bluetooth } from "./bluetooth";
import { Link, type Known, type Listener } from "./link";

type State = "looking" | "connected" | "reading" | "received" | "lost" | "failed" | "control" | "used";

interface Read {
  values: Record<string, string>;
  flags: string[];
  problem: string | null;
}

// What is somebody else's, or no device's of this table, is not kept as a failed measurement either.
const NOT_KEPT = ["used_before", "unknown-device"];
const ORIGIN = ["device", "characteristic", "raw", "flags"];
const SAID: Record<string, State> = { "control-solution": "control", used_before: "used" };
// One patient at this screen; the document is loaded anew for the next.
const SESSION = crypto.randomUUID();
let asked: Promise<Known[]> | null = null;

export function known(device: Device): Promise<Known[]> {
  asked ??= device
    .fetch("GET", "/api/v1/devices")
    .then(async (answer) => (answer.ok ? ((await answer.json()) as { devices: Known[] }).devices : []))
    .catch(() => {
      asked = null;
      return [];
    });
  return asked;
}

export class Reading {
  private links: Link[] = [];
  private pending = 0;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly step: StepRule,
    private readonly device: Device,
  ) {
    form.addEventListener("input", () => this.typedInstead());
  }

  async begin(): Promise<void> {
    const radio = bluetooth();
    const kind = this.step.measuring?.device ?? "";
    if (!radio?.getDevices) return;
    const here = (await known(this.device)).filter((each) => each.kind === kind && each.key);
    if (here.length === 0 || !this.form.isConnected) return;
    this.say("looking");
    this.links = here.map((each) => new Link(radio, each, this.listener(each)));
    await Promise.all(this.links.map((link) => link.begin()));
  }

  end(): void {
    for (const link of this.links) link.end();
    this.links = [];
  }

  private listener(from: Known): Listener {
    return {
      connected: () => {
        if (!this.holds("received", "reading")) this.say("connected");
      },
      received: (raw: string) => void this.received(from, raw),
      lost: () => {
        if (!this.holds("received", "reading")) this.say("lost");
        return !this.holds("received");
      },
    };
  }

  private async received(from: Known, raw: string): Promise<void> {
    // A meter that was found again tells its newest record once more.
    if (this.holds("received") && this.hidden("raw").value === raw) return;
    const mine = ++this.pending;
    this.say("reading");
    const { id, characteristic } = from;
    const body = { device_id: id, characteristic, raw, session: SESSION };
    const read = await this.asked(body);
    // A device that goes on sending: only its last word counts.
    if (mine !== this.pending || !this.form.isConnected) return;
    if (read === null) return this.say("lost");
    const origin = { device: id, characteristic, raw, flags: read.flags.join(" ") };
    if (read.problem) {
      this.empty();
      if (!NOT_KEPT.includes(read.problem)) this.keep(origin);
      return this.say(SAID[read.problem] ?? "failed");
    }
    this.fill(read.values);
    this.keep(origin);
    this.say("received");
  }

  private async asked(body: unknown): Promise<Read | null> {
    try {
      const answer = await this.device.fetch("POST", "/api/v1/readings", body);
      return answer.ok ? ((await answer.json()) as Read) : null;
    } catch {
      return null;
    }
  }

  private fill(values: Record<string, string>): void {
    for (const { name, measures } of [...this.step.fields, ...(this.step.measuring?.sent ?? [])]) {
      this.input(name).value = values[measures ?? ""] ?? "";
    }
    // The server tells the kept unit, which is the first that is offered.
    const unit = this.form.querySelector<HTMLInputElement>(`input[type=radio][name="${this.step.key}_unit"]`);
    if (unit) unit.checked = true;
    const button = this.button;
    if (!button) return;
    button.value = "device";
    button.focus();
  }

  private keep(origin: Record<string, string>): void {
    for (const [what, value] of Object.entries(origin)) this.hidden(what).value = value;
  }

  private typedInstead(): void {
    this.forget();
    this.pending += 1;
  }

  private empty(): void {
    if (this.button?.value !== "device") return;
    for (const { name } of this.step.fields) this.input(name).value = "";
    this.forget();
  }

  private forget(): void {
    for (const what of ORIGIN) this.hidden(what).value = "";
    for (const { name } of this.step.measuring?.sent ?? []) this.input(name).value = "";
    if (this.button) this.button.value = "given";
  }

  private hidden(what: string): HTMLInputElement {
    return this.input(`${this.step.key}_${what}`);
  }

  private input(name: string): HTMLInputElement {
    const found = this.form.elements.namedItem(name);
    if (found instanceof HTMLInputElement) return found;
    const made = document.createElement("input");
    made.type = "hidden";
    made.name = name;
    this.form.append(made);
    return made;
  }

  private get button(): HTMLButtonElement | null {
    return this.form.querySelector<HTMLButtonElement>("button.main[value=given], button.main[value=device]");
  }

  private holds(...states: State[]): boolean {
    return states.some((state) => this.block?.dataset["state"] === state);
  }

  private get block(): HTMLElement | null {
    return this.form.querySelector<HTMLElement>("[data-device]");
  }

  private say(state: State): void {
    const block = this.block;
    if (!block) return;
    block.hidden = false;
    block.dataset["state"] = state;
    for (const line of block.querySelectorAll<HTMLElement>("[data-when]")) {
      line.hidden = line.dataset["when"] !== state;
    }
  }
}
