// The doctor asks for a reading again while the patient waits or talks: the same question as before, in this
// page and beside the call, which goes on. What is answered is sent once, and until it has arrived.

import { GIVEN, problems, today } from "../steps/evaluate";
import type { Answers, StepRule } from "../steps/rules";
import { readings } from "../steps/told";
import type { Devices } from "./devices";
import { bringKeys } from "./keys";
import { tell } from "./pages";
import type { Part, Room } from "./part";
import type { Timing } from "./timing";
import { typed } from "./typed";
import { uuid7 } from "./uuid7";

export interface Wanted {
  id: string;
  kind: string;
  step: string;
}

export const WANTED = "telemed:again";

export class Again implements Part {
  private place: HTMLElement | null = null;
  private wanted: Wanted | null = null;
  private done = new Set<string>();
  private answers: Answers = {};
  private busy = false;

  constructor(
    private readonly room: Room,
    private readonly devices: Devices,
    private readonly timing: Timing,
  ) {}

  shown(main: HTMLElement, key: string): void {
    if (key !== "waiting") return;
    this.place = main.querySelector("[data-again]");
    main.addEventListener(WANTED, (event) => void this.look((event as CustomEvent<Wanted | null>).detail));
    this.place?.addEventListener("submit", (event) => this.submitted(event as SubmitEvent));
  }

  left(): void {
    this.close();
    this.place = this.wanted = null;
  }

  private async look(wanted: Wanted | null): Promise<void> {
    if (!wanted) return this.wanted ? this.close() : undefined;
    if (!this.place || this.wanted?.id === wanted.id || this.done.has(wanted.id)) return;
    this.wanted = wanted;
    this.answers = {};
    for (const words of this.place.querySelectorAll<HTMLElement>("[data-again-words]")) {
      words.hidden = words.dataset["againWords"] !== wanted.kind;
    }
    await this.ask(wanted.step);
    this.place.hidden = false;
    this.place.querySelector<HTMLElement>("h2")?.focus();
  }

  private async ask(key: string): Promise<void> {
    const form = (await this.room.screen.page(key)).querySelector("form");
    const here = this.place?.querySelector("[data-again-place]");
    if (!form || !here) return;
    this.stopHelpers();
    // In this page the question has a smaller heading.
    const heading = form.querySelector("h1");
    const smaller = document.createElement("h3");
    smaller.append(...(heading?.childNodes ?? []));
    heading?.replaceWith(smaller);
    here.replaceChildren(document.adoptNode(form));
    form.setAttribute("data-step", key);
    const around = here as HTMLElement;
    bringKeys(around);
    await Promise.all([this.devices.shown(around, key), this.timing.shown(around)]);
  }

  private submitted(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.target;
    if (this.busy || !(form instanceof HTMLFormElement)) return;
    this.busy = true;
    void this.answered(form, event.submitter).finally(() => (this.busy = false));
  }

  private async answered(form: HTMLFormElement, pressed: HTMLElement | null): Promise<void> {
    const { rules } = this.room;
    const key = form.dataset["step"] ?? "";
    const step = rules.steps[key];
    if (!step || !this.wanted || !this.place) return;
    const told = { ...this.answers, ...typed(form, pressed, key) };
    const found = problems(step, told, rules.country, today());
    if (found.length > 0) return tell(this.place, found);
    this.answers = told;
    const check = this.check(step);
    if (check && told[key] === GIVEN && key === this.wanted.step) return this.ask(check.key);
    await this.send(this.wanted);
  }

  // Whoever typed a reading types it a second time.
  private check(step: StepRule): StepRule | undefined {
    const twice = Object.values(this.room.rules.steps);
    return twice.find((each) => each.onlyIf?.answer?.[0] === step.key && (each.same?.length ?? 0) > 0);
  }

  private async send(wanted: Wanted): Promise<void> {
    const { rules, device, screen, memory } = this.room;
    const taken_at = new Date().toISOString();
    const told = readings(rules, [wanted.step], this.answers).map(([, reading]) => ({ ...reading, taken_at }));
    const path = `/api/v1/visits/${memory.visit}/again/${uuid7()}`;
    await screen.patiently(() => device.fetch("PUT", path, { asked: wanted.id, measurements: told }));
    this.done.add(wanted.id);
    this.close();
  }

  private stopHelpers(): void {
    this.devices.left();
    this.timing.left();
  }

  private close(): void {
    this.stopHelpers();
    this.wanted = null;
    this.answers = {};
    if (!this.place) return;
    this.place.hidden = true;
    this.place.querySelector("[data-again-place]")?.replaceChildren();
  }
}
