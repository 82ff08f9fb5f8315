// The kiosk as one document: a step's page is swapped in, answers stay in memory, the intake is sent once.

import { rememberedCall } from "../call_memory";
import { Device } from "../device";
import { after, besides, nextKey, path, problems, today, type Problem } from "../steps/evaluate";
import type { Answers, Rules } from "../steps/rules";
import { ask, closeAll, dialog } from "./dialogs";
import type { Further } from "./further";
import { Idle } from "./idle";
import { watchOf } from "./idle_rules";
import { bringKeys } from "./keys";
import { Memory } from "./memory";
import { refill, Screen, tell } from "./pages";
import type { History, Part, Room } from "./part";
import { Soon } from "./soon";
import { typed } from "./typed";
import { forgetPatient } from "./wipe";

const START = "/kiosk";
const ALWAYS_OPEN = ["welcome", "emergency"];
// What is answered here is no good before the service has said so.
const TO_THE_SERVICE = ["arrive", "slot"];

export class Kiosk implements Room {
  readonly memory: Memory;
  readonly screen: Screen;
  readonly device: Device;
  readonly idle: Idle;
  private readonly further: Soon;
  private readonly parts: Part[];
  private key: string;
  // The page whose answer is under way, and when what serves the shown page (kiosk/further.ts) is ready for it.
  private answering: HTMLElement | null = null;
  private served: Promise<void> | undefined;

  constructor(
    readonly rules: Rules,
    private readonly language: string,
    kioskId: string,
    further: (room: Room) => Promise<Further>,
  ) {
    this.memory = new Memory(language);
    this.screen = new Screen(language);
    this.device = new Device(kioskId);
    this.further = new Soon(() => further(this), rules.first);
    this.parts = [this.further];
    this.key = this.screen.main.dataset["step"] ?? rules.first;
    this.idle = new Idle(dialog("still"), () => this.wipe());
    document.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("click", (event) => this.clicked(event));
    // What is being mended is no longer wrong until it is sent again.
    document.addEventListener("input", () => tell(this.screen.main, []));
    addEventListener("popstate", () => void this.show(keyOf(location.pathname), "stay"));
    // Whatever the browser keeps of this page must be empty.
    addEventListener("pagehide", () => this.forget());
  }

  use(...parts: Part[]): this {
    this.parts.push(...parts);
    return this;
  }

  async begin(): Promise<void> {
    // Better told before the first question than after the last.
    this.device.known().catch(() => location.replace("/kiosk/enrol"));
    const call = rememberedCall();
    if (call) {
      this.memory.visit = call;
      return this.show("waiting", "replace");
    }
    this.rememberBeginning();
    if (this.allowed(this.key) !== this.key) return this.show(this.rules.first, "replace");
    this.dress();
    await this.tellParts(this.screen.main, this.key);
  }

  // Somebody quicker than the script came here by an ordinary form; this page tells what was answered there.
  private rememberBeginning(): void {
    const first = this.rules.steps[this.rules.first];
    const pressed = first?.choices.find((value) => nextKey(first, { [first.key]: value }) === this.key);
    if (first && pressed) this.memory.keep(first.key, { [first.key]: pressed });
  }

  async show(wanted: string, history: History, found: Problem[] = []): Promise<void> {
    const key = this.allowed(wanted);
    const main = await this.screen.show(key);
    this.key = key;
    this.leave();
    const address = `${START}/${this.language}/${key}`;
    if (history === "push") window.history.pushState(null, "", address);
    else if (history === "replace" || key !== wanted) window.history.replaceState(null, "", address);
    refill(main, key, this.memory.answers);
    this.dress();
    this.screen.settle();
    tell(main, found);
    this.idle.page(watchOf(this.rules, key));
    await this.tellParts(main, key);
    this.screen.entitle();
  }

  // Only what was asked on the way may be shown; after filing there is no way back into the questions.
  private allowed(wanted: string): string {
    if (wanted === "emergency") return wanted;
    if (wanted in this.rules.steps) {
      if (this.memory.receipt) return "booked";
      const walked = path(this.rules, this.memory.answers, today());
      if ([...ALWAYS_OPEN, ...walked.keys, walked.stop].includes(wanted)) return wanted;
      return walked.stop in this.rules.steps ? walked.stop : this.rules.first;
    }
    if (wanted === "booked") return this.memory.receipt ? wanted : this.rules.first;
    if (["waiting", "summary", "home"].includes(wanted)) return this.memory.visit ? wanted : this.rules.first;
    return wanted === "early" && this.memory.when ? wanted : this.rules.first;
  }

  private async tellParts(main: HTMLElement, key: string): Promise<void> {
    const [served, ...others] = this.parts.map(async (part) => part.shown?.(main, key));
    this.served = served?.catch(() => undefined);
    await Promise.all([served, ...others]);
  }

  private dress(): void {
    const main = this.screen.main;
    main.querySelectorAll<HTMLElement>("[data-do=print]").forEach((button) => (button.hidden = false));
    bringKeys(main);
  }

  private submitted(event: SubmitEvent): void {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !this.screen.main.contains(form)) return;
    event.preventDefault();
    const step = this.rules.steps[this.key];
    const { main } = this.screen;
    // A second tap while the first is under way is the same tap; one on the next page is another.
    if (!step || this.answering === main) return;
    this.answering = main;
    const over = () => this.answering === main && (this.answering = null);
    void this.answered(form, event.submitter).finally(over);
  }

  private async answered(form: HTMLFormElement, pressed: HTMLElement | null): Promise<void> {
    // A tap before that waits for it, however the line is: none is lost.
    await this.served;
    const step = this.rules.steps[this.key];
    if (!step || !form.isConnected) return;
    if (step.kind === "review") await this.further.answered(step.key);
    else await this.answer(typed(form, pressed, step.key));
  }

  async answer(told: Answers): Promise<void> {
    const step = this.rules.steps[this.key];
    if (!step) return;
    const found = problems(step, { ...this.memory.answers, ...told }, this.rules.country, today());
    if (found.length > 0) return tell(this.screen.main, found);
    // A time for one kind of visit is no time for another.
    if (step.kind === "types" && told[step.key] !== this.memory.answers[step.key]) this.memory.drop("slot");
    this.memory.keep(step.key, { ...told, ...besides(step, told) });
    if (TO_THE_SERVICE.includes(step.key) && (await this.further.answered(step.key))) return;
    await this.show(after(this.rules, step, this.memory.answers, today()), "push");
  }

  private clicked(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-do], [data-goto]") : null;
    if (!link) return;
    event.preventDefault();
    const { goto } = link.dataset;
    if (goto) return void this.show(goto, "push");
    this.act(link);
  }

  private act(button: HTMLElement): void {
    const what = button.dataset["do"] ?? "";
    const theirs = this.parts.find((part) => part.acts?.[what]);
    if (theirs) theirs.acts?.[what]?.(button);
    else if (what === "emergency") void this.show("emergency", "push");
    else if (what === "back") this.key === this.rules.first ? this.wipe() : history.back();
    else if (what === "help" || what === "stop") ask(what, this.memory.receipt !== null || this.memory.visit !== null);
    else if (what === "stay") closeAll();
    else if (what === "wait") void this.show("waiting", "push");
    else if (what === "print") window.print();
    else if (what === "wipe" || what === "finish") this.wipe();
  }

  // Nothing of the patient's stays: not in memory, not in the page, not one step back.
  wipe(): void {
    const left = Promise.all(this.parts.map((part) => part.gone?.()));
    this.idle.stop();
    this.forget();
    forgetPatient();
    void Promise.race([left, new Promise((late) => setTimeout(late, 1500))]).then(() => location.replace(START));
  }

  private leave(): void {
    for (const part of this.parts) part.left?.();
  }

  private forget(): void {
    this.leave();
    this.memory.forget();
    document.getElementById("main")?.replaceChildren();
  }
}

function keyOf(address: string): string {
  return address.split("/").at(-1) ?? "";
}
