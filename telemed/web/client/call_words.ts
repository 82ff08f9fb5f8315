// Beside the voice: what both write, ready answers for the patient to press, and drawn instructions that the doctor has
// the kiosk show. Nothing is kept.

import type { Channel } from "../../../signaling/client/channel";
import type { Role } from "../../../signaling/client/protocol";
import { LONGEST_TEXT, readWritten, type Written } from "../../../signaling/client/words";
import { bring } from "./call_parts";

const LINES_AT_MOST = 50;
// A hand that trembles presses twice and means it once.
const ONE_PRESS = 700;

export class CallWords {
  private readonly written: HTMLElement | null;
  private readonly unsent: HTMLElement | null;
  private pressed = { key: "", at: -Infinity };

  constructor(
    private readonly root: HTMLElement,
    private readonly channel: Channel,
    private readonly role: Role,
    private readonly text: (name: string) => string,
  ) {
    this.written = root.querySelector("[data-call-written]");
    this.unsent = root.querySelector("[data-call-unsent]");
    channel.on("text", (said) => this.talks && this.heard(readWritten(said, role)));
    channel.on("show", (said) => this.talks && this.show(typeof said["key"] === "string" ? said["key"] : ""));
    this.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.write();
    });
    for (const shown of root.querySelectorAll<HTMLButtonElement>("[data-call-ask]")) {
      shown.addEventListener("click", () => this.ask(shown));
    }
    for (const ready of root.querySelectorAll<HTMLButtonElement>("[data-call-say]")) {
      ready.addEventListener("click", (event) => this.answer(ready, event.timeStamp));
    }
    root.querySelector("[data-call-type]")?.addEventListener("click", () => this.unfold(this.form?.hidden === true));
  }

  // A doctor still needs the words for the note; at a kiosk the next patient must not find them.
  clear(): void {
    if (this.role === "practitioner") return;
    this.written?.replaceChildren();
    this.written?.setAttribute("hidden", "");
    if (this.unsent) this.unsent.hidden = true;
    this.form?.reset();
    this.unfold(false);
    this.show("");
  }

  // Before the doctor admits there is nobody to listen to.
  private get talks(): boolean {
    return ["connected", "interrupted"].includes(this.root.dataset["callState"] ?? "");
  }

  private get form(): HTMLFormElement | null {
    return this.root.querySelector("[data-call-write]");
  }

  private write(): void {
    const field = this.form?.querySelector("input");
    const text = field?.value.trim().slice(0, LONGEST_TEXT);
    if (!field || !text || !this.talks || !this.went(this.channel.say("text", { text }))) return;
    field.value = "";
    this.add(text, true);
  }

  private answer(ready: HTMLButtonElement, at: number): void {
    const key = ready.dataset["callSay"] ?? "";
    const again = key === this.pressed.key && at - this.pressed.at < ONE_PRESS;
    if (again || !this.talks || !this.went(this.channel.say("text", { key }))) return;
    this.pressed = { key, at };
    this.add(ready.textContent?.trim() ?? "", true);
  }

  private unfold(open: boolean): void {
    const button = this.root.querySelector("[data-call-type]");
    if (!button || !this.form) return;
    button.setAttribute("aria-expanded", String(open));
    this.form.hidden = !open;
    if (open) this.form.querySelector("input")?.focus();
  }

  // The same button again takes the drawing away.
  private ask(pressed: HTMLButtonElement): void {
    const on = pressed.getAttribute("aria-pressed") !== "true";
    if (!this.went(this.channel.say("show", { key: on ? (pressed.dataset["callAsk"] ?? null) : null }))) return;
    for (const other of this.root.querySelectorAll("[data-call-ask]")) {
      other.setAttribute("aria-pressed", String(on && other === pressed));
    }
  }

  // What did not go out stays in its field, and that is said.
  private went(sent: boolean): boolean {
    if (this.unsent) this.unsent.hidden = sent;
    return sent;
  }

  private heard(said: Written | null): void {
    const words = said?.answer ? this.text(`answer_${said.answer}`) : said?.text;
    if (words) this.add(words, false);
  }

  private add(text: string, own: boolean): void {
    const line = document.createElement("p");
    line.classList.toggle("call__mine", own);
    const who = this.text(own ? "by_you" : "by_other");
    if (who) line.append(Object.assign(document.createElement("b"), { textContent: `${who}: ` }));
    line.append(text);
    this.written?.append(line);
    if ((this.written?.childElementCount ?? 0) > LINES_AT_MOST) this.written?.firstElementChild?.remove();
    this.written?.removeAttribute("hidden");
    line.scrollIntoView({ block: "nearest" });
  }

  private show(key: string): void {
    for (const drawing of this.root.querySelectorAll<HTMLElement>("[data-call-shown]")) {
      drawing.hidden = drawing.dataset["callShown"] !== key;
      if (!drawing.hidden) bring(drawing);
    }
  }
}
