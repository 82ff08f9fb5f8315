// The kiosk as one document: a step's page is swapped in, answers stay in memory, the intake is sent once.

import { Device } from "../device";
import { after, GIVEN, nextKey, path, problems, type Problem } from "../steps/evaluate";
import type { Answers, Rules } from "../steps/rules";
import { submission } from "../steps/submission";
import { Idle } from "./idle";
import { bringKeys } from "./keys";
import { Memory, type Receipt } from "./memory";
import { fill, refill, Screen, tell } from "./pages";
import { fillReview } from "./review";
import { Times } from "./times";
import { callBeforeReload, Visit } from "./visit";

const START = "/kiosk";
const ALWAYS_OPEN = ["welcome", "emergency"];

interface Refusal {
  code: string;
  step: string | null;
}

export class Kiosk {
  private readonly memory: Memory;
  private readonly screen: Screen;
  private readonly device: Device;
  private readonly times: Times;
  private readonly idle: Idle;
  private visit: Visit | null = null;
  private key: string;
  private busy = false;

  constructor(private readonly rules: Rules, private readonly language: string, kioskId: string) {
    this.memory = new Memory(language);
    this.screen = new Screen(language);
    this.device = new Device(kioskId);
    this.times = new Times(this.device, this.screen, this.memory);
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

  async begin(): Promise<void> {
    // Better told before the first question than after the last.
    this.device.known().catch(() => location.replace("/kiosk/enrol"));
    const call = await callBeforeReload();
    if (call) {
      this.memory.visit = call;
      return this.show("waiting", "replace");
    }
    this.rememberBeginning();
    if (this.allowed(this.key) !== this.key) return this.show(this.rules.first, "replace");
    this.dress();
  }

  // Somebody quicker than the script came here by an ordinary form; this page tells what was answered there.
  private rememberBeginning(): void {
    const first = this.rules.steps[this.rules.first];
    const pressed = first?.choices.find((value) => nextKey(first, { [first.key]: value }) === this.key);
    if (first && pressed) this.memory.keep(first.key, { [first.key]: pressed });
  }

  private async show(wanted: string, history: "push" | "replace" | "stay", found: Problem[] = []): Promise<void> {
    const key = this.allowed(wanted);
    const main = await this.screen.show(key);
    this.key = key;
    this.visit?.end();
    this.visit = null;
    const address = `${START}/${this.language}/${key}`;
    if (history === "push") window.history.pushState(null, "", address);
    else if (history === "replace" || key !== wanted) window.history.replaceState(null, "", address);
    refill(main, key, this.memory.answers);
    this.dress();
    this.screen.settle();
    tell(main, found);
    await this.enliven(main, key);
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

  private dress(): void {
    const main = this.screen.main;
    main.querySelectorAll<HTMLElement>("[data-do=print]").forEach((button) => (button.hidden = false));
    bringKeys(main);
  }

  private async enliven(main: HTMLElement, key: string): Promise<void> {
    if (key === "type") {
      if (await this.times.onlyKind(main)) return this.show("slot", "replace");
    } else if (key === "slot") {
      await this.times.offer(main);
    } else if (key === "review") {
      fillReview(main, this.memory.answers, path(this.rules, this.memory.answers, today()).keys);
    } else if (key === "booked" && this.memory.receipt) {
      this.fillSlip(main, this.memory.receipt);
    } else if (key === "early") {
      fill(main, { when: this.memory.when });
    } else if (key === "waiting" && this.memory.visit) {
      this.visit = new Visit(
        this.device,
        this.screen,
        this.memory.visit,
        (signed) => (signed ? void this.show("summary", "replace") : this.wipe()),
      );
      this.idle.hold(true);
      await this.visit.begin(main);
    } else if (key === "home") {
      this.idle.hold(false);
    } else if (key === "summary") {
      this.idle.hold(false);
      await this.offerPaper(main);
    }
  }

  private submitted(event: SubmitEvent): void {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !this.screen.main.contains(form)) return;
    event.preventDefault();
    const step = this.rules.steps[this.key];
    // A second tap while the first is under way is the same tap.
    if (!step || this.busy) return;
    this.busy = true;
    void this.answered(form, event.submitter).finally(() => (this.busy = false));
  }

  private async answered(form: HTMLFormElement, pressed: HTMLElement | null): Promise<void> {
    const step = this.rules.steps[this.key];
    if (!step) return;
    if (step.kind === "review") return this.send();
    const told = typed(form, pressed, step.key);
    const found = problems(step, { ...this.memory.answers, ...told }, this.rules.country, today());
    if (found.length > 0) return tell(this.screen.main, found);
    // A time for one kind of visit is no time for another.
    if (step.kind === "types" && told[step.key] !== this.memory.answers[step.key]) this.memory.drop("slot");
    this.memory.keep(step.key, { ...told, ...Object.fromEntries(step.sets) });
    if (step.key === "arrive") return this.arrive();
    if (step.key === "slot") {
      const code = await this.times.keep();
      if (code) return this.show("slot", "stay", [{ field: "slot", code }]);
    }
    await this.show(after(this.rules, step, this.memory.answers, today()), "push");
  }

  private async send(): Promise<void> {
    const { id, at } = this.memory.letter();
    const body = submission(this.rules, this.memory.answers, this.language, at, this.memory.takenAt);
    const answer = await this.screen.patiently(() => this.device.fetch("PUT", `/api/v1/intakes/${id}`, body));
    if (answer.ok) {
      this.memory.receipt = (await answer.json()) as Receipt;
      const { kind, visit, call } = this.memory.receipt;
      this.memory.visit = kind.endsWith("now") ? visit : null;
      // Somebody should be called and nobody is on duty: the number first, then the slip.
      return this.show(call === "nobody" ? "emergency" : "booked", "push");
    }
    const { code, step } = (await answer.json()) as Refusal;
    if (step === "slot") this.memory.drop("slot");
    const field = this.rules.steps[step ?? ""]?.fields[0]?.name ?? step;
    if (step && field) return this.show(step, "push", [{ field, code }]);
    this.screen.main.querySelector<HTMLElement>("[data-refused]")?.toggleAttribute("hidden", false);
  }

  private async arrive(): Promise<void> {
    const code = this.memory.answers["code"] ?? "";
    const path = `/api/v1/arrivals?lang=${this.language}`;
    const answer = await this.screen.patiently(() => this.device.fetch("POST", path, { code }));
    if (!answer.ok) {
      this.memory.drop("arrive");
      const refusal = (await answer.json().catch(() => ({}))) as Partial<Refusal>;
      const why = answer.status === 429 ? "too_often" : refusal.code?.startsWith("code_") ? refusal.code : "code_unknown";
      return tell(this.screen.main, [{ field: "code", code: why }]);
    }
    const came = (await answer.json()) as { visit: string | null; when: string };
    this.memory.visit = came.visit;
    this.memory.when = came.when;
    await this.show(came.visit ? "waiting" : "early", "push");
  }

  // The place in the queue stays; only this screen is given free.
  private async goHome(): Promise<void> {
    const home = () => this.device.fetch("POST", `/api/v1/visits/${this.memory.visit}/home`);
    const answer = await this.screen.patiently(home);
    const { token = "", code = "" } = (await answer.json().catch(() => ({}))) as Record<string, string>;
    if (answer.ok) {
      await this.show("home", "replace");
      return fill(this.screen.main, { token });
    }
    for (const said of this.screen.main.querySelectorAll<HTMLElement>("[data-stay]")) {
      said.hidden = said.dataset["stay"] !== code;
    }
  }

  private fillSlip(main: HTMLElement, receipt: Receipt): void {
    const { when, place, about, doctor, shown } = receipt;
    fill(main, { when, place, about, doctor, shown });
    for (const part of main.querySelectorAll<HTMLElement>("[data-kind]")) {
      part.hidden = !part.dataset["kind"]?.split(" ").includes(receipt.kind);
    }
    main.querySelector("[data-call=nobody]")?.toggleAttribute("hidden", receipt.call !== "nobody");
    main.querySelector<HTMLImageElement>("[data-qr]")?.setAttribute("src", receipt.qr);
  }

  private async offerPaper(main: HTMLElement): Promise<void> {
    const asked = () => this.device.fetch("GET", `/api/v1/visits/${this.memory.visit}/summary`);
    const answer = await this.screen.patiently(asked);
    if (!answer.ok) return;
    const paper = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    main.querySelector("[data-paper]")?.replaceChildren(...paper.children);
  }

  private clicked(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-do], [data-goto]") : null;
    if (!link) return;
    event.preventDefault();
    const { goto, from } = link.dataset;
    if (goto) return void this.show(goto, "push");
    if (from !== undefined) return void this.times.turnTo(this.screen.main, from);
    this.act(link.dataset["do"] ?? "");
  }

  private act(what: string): void {
    if (what === "emergency") void this.show("emergency", "push");
    else if (what === "back") this.key === this.rules.first ? this.wipe() : history.back();
    else if (what === "help" || what === "stop") this.ask(what);
    else if (what === "stay") document.querySelectorAll("dialog").forEach((open) => open.close());
    else if (what === "home") void this.goHome();
    else if (what === "wait") void this.show("waiting", "push");
    else if (what === "print") window.print();
    else if (what === "wipe" || what === "finish") this.wipe();
  }

  private ask(what: string): void {
    const sent = this.memory.receipt !== null || this.memory.visit !== null;
    const asked = dialog(what);
    asked.querySelector("[data-before]")?.toggleAttribute("hidden", sent);
    asked.querySelector("[data-after]")?.toggleAttribute("hidden", !sent);
    asked.showModal();
  }

  // Nothing of the patient's stays: not in memory, not in the page, not one step back.
  private wipe(): void {
    const left = Promise.all([this.visit?.leave(), this.times.letGo()]);
    this.forget();
    sessionStorage.clear();
    document.body.replaceChildren();
    void Promise.race([left, new Promise((late) => setTimeout(late, 1500))]).then(() => location.replace(START));
  }

  private forget(): void {
    this.visit?.end();
    this.memory.forget();
    document.getElementById("main")?.replaceChildren();
  }
}

function typed(form: HTMLFormElement, pressed: HTMLElement | null, key: string): Answers {
  const told: Answers = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string") told[name] = value;
  delete told["csrf_token"];
  told[key] = pressed instanceof HTMLButtonElement ? pressed.value : GIVEN;
  const words = pressed?.dataset["words"];
  return words ? { ...told, [`${key}_words`]: words } : told;
}

function dialog(id: string): HTMLDialogElement {
  const found = document.getElementById(id);
  if (!(found instanceof HTMLDialogElement)) throw new Error(`the page has no dialog ${id}`);
  return found;
}

function keyOf(address: string): string {
  return address.split("/").at(-1) ?? "";
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
