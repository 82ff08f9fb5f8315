// The doctor asks and answers in writing because no call goes: a question comes into the waiting page, the patient
// presses or types an answer, and it is sent once, until it has arrived.

import type { Part, Room } from "./part";
import { uuid7 } from "./uuid7";

// What the state of the visit says of this rung.
export interface Below {
  rung: string;
  // How far a call by telephone is; null where none is on.
  phone: "ringing" | "talking" | "over" | "failed" | null;
  question: { id: string } | null;
}

interface Question {
  id: string;
  words: string;
  choices: string[];
  longest: number;
}

export const BELOW = "telemed:below";

export class Written implements Part {
  private place: HTMLElement | null = null;
  private phone: HTMLElement | null = null;
  private asked: Question | null = null;
  private coming = "";
  private done = new Set<string>();
  private busy = false;

  constructor(private readonly room: Room) {}

  shown(main: HTMLElement, key: string): void {
    if (key !== "waiting") return;
    this.place = main.querySelector("[data-written]");
    this.phone = main.querySelector("[data-by-phone]");
    main.addEventListener(BELOW, (event) => void this.look((event as CustomEvent<Below>).detail));
    this.form?.addEventListener("submit", (event) => this.submitted(event));
  }

  left(): void {
    this.close();
    this.place = this.phone = null;
  }

  private async look(below: Below): Promise<void> {
    if (!this.place) return;
    this.sayPhone(below.phone);
    const wanted = below.question?.id ?? "";
    if (this.asked && this.asked.id !== wanted) this.close();
    if (wanted && wanted !== this.asked?.id && wanted !== this.coming && !this.done.has(wanted)) await this.bring(wanted);
    // Nobody is sent home while something is asked.
    this.part("[data-written-says]")?.toggleAttribute("hidden", below.rung !== "written" || this.asked !== null);
    if (this.place) this.place.hidden = below.rung !== "written" && !this.asked && !this.done.size;
  }

  private sayPhone(state: Below["phone"]): void {
    if (!this.phone) return;
    this.phone.hidden = state === null;
    for (const words of this.phone.querySelectorAll<HTMLElement>("[data-phone]")) {
      words.hidden = words.dataset["phone"] !== state;
    }
  }

  private async bring(id: string): Promise<void> {
    this.coming = id;
    const { device, screen, memory } = this.room;
    const path = `/api/v1/visits/${memory.visit}/questions/${id}`;
    const answer = await screen.patiently(() => device.fetch("GET", path));
    this.coming = "";
    const form = this.form;
    if (!answer.ok || !form) return;
    const question = (await answer.json()) as Question;
    this.asked = question;
    const words = this.part("[data-written-words]");
    if (words) words.textContent = question.words;
    this.part("[data-written-choices]")?.replaceChildren(...question.choices.map((choice, at) => pressed(choice, at)));
    const typed = this.typed;
    if (typed) typed.maxLength = question.longest;
    this.part("[data-written-sent]")?.setAttribute("hidden", "");
    form.hidden = false;
    this.place?.removeAttribute("hidden");
    form.querySelector<HTMLElement>("h2")?.focus();
  }

  private submitted(event: Event): void {
    event.preventDefault();
    // The page itself must not take this for an answer to its own question.
    event.stopPropagation();
    const question = this.asked;
    if (this.busy || !question) return;
    const chosen = this.form?.querySelector<HTMLInputElement>("input[name=choice]:checked");
    const words = this.typed?.value.trim() ?? "";
    this.complain("empty", !chosen && !words);
    if (!chosen && !words) return;
    this.busy = true;
    void this.send(question, chosen ? Number(chosen.value) : null, words).finally(() => (this.busy = false));
  }

  private async send(question: Question, choice: number | null, words: string): Promise<void> {
    const { device, screen, memory } = this.room;
    const path = `/api/v1/visits/${memory.visit}/answers/${uuid7()}`;
    const body = { question: question.id, words, ...(choice !== null && { choice }), ...(memory.helper && { assisted_by: memory.helper }) };
    const answer = await screen.patiently(() => device.fetch("PUT", path, body));
    const unhelped = answer.status === 422;
    this.complain("unhelped", unhelped);
    if (unhelped) return;
    this.done.add(question.id);
    this.close();
    this.part("[data-written-sent]")?.removeAttribute("hidden");
  }

  private complain(what: "empty" | "unhelped", wrong: boolean): void {
    this.part(`[data-written-${what}]`)?.toggleAttribute("hidden", !wrong);
  }

  private get form(): HTMLFormElement | null {
    return this.place?.querySelector<HTMLFormElement>("[data-written-form]") ?? null;
  }

  private get typed(): HTMLTextAreaElement | null {
    return this.place?.querySelector("textarea") ?? null;
  }

  private part(selector: string): HTMLElement | null {
    return this.place?.querySelector<HTMLElement>(selector) ?? null;
  }

  // Nothing of the question or the answer stays in the page.
  private close(): void {
    this.asked = null;
    this.form?.reset();
    if (this.form) this.form.hidden = true;
    this.part("[data-written-words]")?.replaceChildren();
    this.part("[data-written-choices]")?.replaceChildren();
  }
}

function pressed(choice: string, at: number): HTMLElement {
  const label = document.createElement("label");
  label.className = "choice";
  const input = document.createElement("input");
  input.type = "radio";
  input.name = "choice";
  input.value = String(at);
  const words = document.createElement("span");
  words.textContent = choice;
  label.append(input, words);
  return label;
}
