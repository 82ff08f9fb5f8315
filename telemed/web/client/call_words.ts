// Beside the voice: what the doctor writes, and drawn instructions that the doctor has the kiosk show. Nothing is kept.

import type { Channel } from "../../../signaling/client/channel";

export const LONGEST_TEXT = 1_000;
const LINES_AT_MOST = 50;

export class CallWords {
  private readonly written: HTMLElement | null;
  private readonly unsent: HTMLElement | null;

  constructor(private readonly root: HTMLElement, private readonly channel: Channel) {
    this.written = root.querySelector("[data-call-written]");
    this.unsent = root.querySelector("[data-call-unsent]");
    channel.on("text", (said) => this.heard(said["text"]));
    channel.on("show", (said) => this.talks && this.show(typeof said["key"] === "string" ? said["key"] : ""));
    this.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.write();
    });
    for (const shown of root.querySelectorAll<HTMLButtonElement>("[data-call-ask]")) {
      shown.addEventListener("click", () => this.ask(shown));
    }
  }

  clear(): void {
    if (this.form) return;
    this.written?.replaceChildren();
    this.written?.setAttribute("hidden", "");
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
    if (!field || !text || !this.went(this.channel.say("text", { text }))) return;
    field.value = "";
    this.add(text);
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

  private heard(text: unknown): void {
    if (this.talks && typeof text === "string" && text.trim()) this.add(text.slice(0, LONGEST_TEXT));
  }

  private add(text: string): void {
    const line = document.createElement("p");
    line.textContent = text;
    this.written?.append(line);
    if ((this.written?.childElementCount ?? 0) > LINES_AT_MOST) this.written?.firstElementChild?.remove();
    this.written?.removeAttribute("hidden");
    line.scrollIntoView({ block: "nearest" });
  }

  private show(key: string): void {
    for (const drawing of this.root.querySelectorAll<HTMLElement>("[data-call-shown]")) {
      drawing.hidden = drawing.dataset["callShown"] !== key;
      if (!drawing.hidden) drawing.scrollIntoView({ block: "nearest" });
    }
  }
}
