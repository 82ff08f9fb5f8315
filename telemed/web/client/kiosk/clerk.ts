// The technical side, opened by a clerk's PIN over whatever is shown: the patient's page is hidden meanwhile, what the
// patient has told stays in memory, and both are there again when the clerk goes.

import type { Part, Room } from "./part";

const LONGEST_MS = 5 * 60_000;
const UNTOUCHED_MS = 60_000;
const PIN = /^[0-9]{6}$/;

export class ClerkDesk implements Part {
  readonly acts = {
    clerk: () => void this.open(),
    "clerk-close": () => this.close(),
    "clerk-keep": (button: HTMLElement) => void this.desk("POST", `kept/${button.dataset["entry"]}`),
    "clerk-wait": () => this.patientComesBack(),
    "clerk-help": () => void this.help(),
    "clerk-pair": () => this.go(`/kiosk/devices?lang=${this.room.screen.language}`),
    "clerk-try": () => this.go(`/kiosk/try?lang=${this.room.screen.language}`),
  };
  private readonly place = document.getElementById("clerk") as HTMLDialogElement;
  private token = "";
  private longest: number | undefined;
  private untouched: number | undefined;

  constructor(private readonly room: Room) {
    this.place.addEventListener("close", () => this.back());
    this.place.addEventListener("pointerdown", () => this.touched());
    this.place.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      void this.unlock();
    });
    this.place.addEventListener("click", (event) => this.typed(event));
  }

  private async open(): Promise<void> {
    const { screen, idle } = this.room;
    document.querySelectorAll("dialog").forEach((other) => other.close());
    this.show(await screen.came("clerk"));
    idle.hold(true);
    screen.main.hidden = true;
    document.title = this.place.querySelector("h2")?.textContent ?? "";
    this.place.showModal();
    this.longest = setTimeout(() => this.close(), LONGEST_MS);
    this.touched();
  }

  private async unlock(): Promise<void> {
    const entry = this.entry();
    const pin = entry?.value ?? "";
    if (entry) entry.value = "";
    const answer = PIN.test(pin) ? await this.room.device.fetch("POST", "/api/v1/clerk", { pin }) : null;
    if (!answer?.ok) return this.refuse(answer?.status === 429 ? "often" : "wrong");
    this.token = ((await answer.json()) as { token: string }).token;
    await this.desk("GET", "desk");
  }

  private async desk(method: string, what: string): Promise<void> {
    const answer = await this.ask(method, `${what}?lang=${this.room.screen.language}`);
    if (!answer.ok) return this.close();
    this.show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    this.place.querySelector<HTMLElement>("h2")?.focus();
  }

  private async help(): Promise<void> {
    const answer = await this.ask("POST", "help");
    if (!answer.ok) return this.close();
    this.room.memory.helper = ((await answer.json()) as { helper: string }).helper;
    await this.desk("GET", "desk");
  }

  private patientComesBack(): void {
    this.close();
    this.room.idle.wait();
  }

  // Pairing and trying are pages of their own; they would take with them what somebody has told here.
  private go(page: string): void {
    const begun = this.room.memory.begun;
    this.place.querySelector("[data-begun]")?.toggleAttribute("hidden", !begun);
    if (!begun) location.assign(page);
  }

  private close(): void {
    if (this.place.open) this.place.close();
  }

  private back(): void {
    clearTimeout(this.longest);
    clearTimeout(this.untouched);
    if (this.token) void this.ask("POST", "close").catch(() => undefined);
    this.token = "";
    this.place.replaceChildren();
    this.room.screen.main.hidden = false;
    this.room.screen.entitle();
    this.room.idle.hold(false);
  }

  private touched(): void {
    clearTimeout(this.untouched);
    this.untouched = setTimeout(() => this.close(), UNTOUCHED_MS);
  }

  private typed(event: MouseEvent): void {
    const key = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-pin-key]") : null;
    const entry = this.entry();
    if (!key || !entry) return;
    const digit = key.dataset["pinKey"] ?? "";
    entry.value = digit ? (entry.value + digit).slice(0, 6) : entry.value.slice(0, -1);
  }

  private refuse(why: string): void {
    for (const line of this.place.querySelectorAll<HTMLElement>("[data-pin]")) {
      line.hidden = line.dataset["pin"] !== why;
    }
    this.entry()?.focus();
  }

  private show({ body }: Document): void {
    this.place.replaceChildren(...body.children);
  }

  private entry(): HTMLInputElement | null {
    return this.place.querySelector("input");
  }

  private ask(method: string, what: string): Promise<Response> {
    return this.room.device.fetch(method, `/api/v1/clerk/${what}`, undefined, { "Telemed-Clerk": this.token });
  }
}
