// What one patient has told: only in this page's memory, gone with it.

import type { Answers } from "../steps/rules";
import { uuid7 } from "./uuid7";

export interface Receipt {
  visit: string;
  code: string;
  shown: string;
  kind: "now" | "slot" | "wish" | "slot-now" | "wish-now";
  when: string;
  say: string;
  place: string;
  about: string;
  doctor: string;
  qr: string;
  call: "" | "doctor" | "nobody";
}

export class Memory {
  answers: Answers;
  takenAt: Record<string, string> = {};
  receipt: Receipt | null = null;
  visit: string | null = null;
  when = "";
  // The clerk who types from now on, and which steps a clerk has typed.
  helper: string | null = null;
  helpers: Record<string, string> = {};
  // One id and one moment for as long as the answers stay the same, so that sending twice is filing once.
  private sending: { id: string; at: string } | null = null;

  // Some questions are asked in some languages only.
  constructor(private readonly language: string) {
    this.answers = { language };
  }

  keep(step: string, told: Answers): void {
    if (Object.entries(told).some(([name, value]) => this.answers[name] !== value)) {
      this.sending = null;
      this.takenAt[step] = new Date().toISOString();
      if (this.helper) this.helpers[step] = this.helper;
      else delete this.helpers[step];
    }
    Object.assign(this.answers, told);
  }

  drop(name: string): void {
    delete this.answers[name];
    this.sending = null;
  }

  // Whether anybody has told anything here beyond the language.
  get begun(): boolean {
    return this.visit !== null || this.receipt !== null || Object.keys(this.answers).length > 1;
  }

  letter(): { id: string; at: string } {
    this.sending ??= { id: uuid7(), at: new Date().toISOString() };
    return this.sending;
  }

  forget(): void {
    this.answers = { language: this.language };
    this.takenAt = {};
    this.receipt = this.visit = this.sending = null;
    this.when = "";
    this.helper = null;
    this.helpers = {};
  }
}
