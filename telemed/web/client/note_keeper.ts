// Saves the doctor's draft while it is being written. Nothing is kept in the browser's storage: what has not
// reached the server yet is said on the page, tried again, and leaving the page is questioned.

const PAUSE = 1200;
const AGAIN = 5000;

interface Kept {
  version: number;
  text?: Record<string, string>;
}

export class NoteKeeper {
  private timer = 0;
  private saving = false;
  private saved: string;
  private blocked = false;
  private leaving = false;

  constructor(private readonly form: HTMLFormElement, private csrf: string) {
    this.saved = this.words();
    form.addEventListener("input", () => {
      // Words that are not saved must not stand beside "Saved".
      if (this.dirty() && !this.blocked) this.say("saving");
      this.soon(PAUSE);
    });
    form.addEventListener("submit", () => (this.leaving = true));
    form.querySelector("[data-keep-mine]")?.addEventListener("click", () => this.keepMine());
    form.querySelector<HTMLElement>("[data-save]")?.setAttribute("hidden", "");
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) void this.save(true);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        void this.save();
      }
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.dirty() && !this.leaving) event.preventDefault();
    });
  }

  // Before something else on the page is sent that may reload it.
  async flush(): Promise<void> {
    await this.save();
  }

  private dirty(): boolean {
    return this.words() !== this.saved;
  }

  private words(): string {
    const data = new URLSearchParams();
    for (const area of this.form.querySelectorAll("textarea")) data.set(area.name, area.value);
    return data.toString();
  }

  private soon(pause: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), pause);
  }

  private async save(last = false): Promise<void> {
    if (this.saving || this.blocked || this.leaving || !this.dirty()) return;
    this.saving = true;
    this.say("saving");
    const words = this.words();
    try {
      await this.send(words, last);
    } catch {
      this.say("unsaved");
      this.soon(AGAIN);
    }
    this.saving = false;
    if (this.dirty() && !this.blocked) this.soon(PAUSE);
  }

  private async send(words: string, last: boolean): Promise<void> {
    const body = new URLSearchParams(words);
    body.set("version", this.version.value);
    const answer = await fetch(this.address, {
      method: "POST",
      body,
      headers: { "X-CSRF-Token": this.csrf, Accept: "application/json" },
      keepalive: last,
      redirect: "error",
    });
    if (answer.ok) return this.kept(words, (await answer.json()) as Kept);
    if (answer.status === 409 && isJson(answer)) return this.elsewhere((await answer.json()) as Kept);
    if (answer.status === 401 || answer.status === 403) {
      this.say("signedOut");
      await this.signedInAgain();
      this.soon(AGAIN);
      return;
    }
    throw new Error(String(answer.status));
  }

  private kept(words: string, kept: Kept): void {
    this.version.value = String(kept.version);
    this.saved = words;
    this.say("saved");
  }

  // Another window was faster: its words are shown, and nothing is overwritten until the doctor says so.
  private elsewhere(stored: Kept): void {
    this.blocked = true;
    this.version.value = String(stored.version);
    const box = this.form.querySelector<HTMLElement>("[data-other-words]");
    const prose = box?.querySelector("p");
    if (box && prose) {
      prose.textContent = Object.values(stored.text ?? {}).filter(Boolean).join("\n\n");
      box.hidden = false;
    }
    this.say("elsewhere");
  }

  private keepMine(): void {
    this.blocked = false;
    const box = this.form.querySelector<HTMLElement>("[data-other-words]");
    if (box) box.hidden = true;
    void this.save();
  }

  // After a new sign-in in another tab the old form token is worth nothing; this asks for the new one.
  private async signedInAgain(): Promise<void> {
    const answer = await fetch(this.address, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) return;
    this.csrf = ((await answer.json()) as { csrf: string }).csrf;
    for (const field of document.querySelectorAll<HTMLInputElement>('input[name="csrf_token"]')) {
      field.value = this.csrf;
    }
  }

  private say(which: "saving" | "saved" | "unsaved" | "signedOut" | "elsewhere"): void {
    const state = this.form.querySelector<HTMLElement>("[data-save-state]");
    const words = state?.dataset[which] ?? "";
    if (!state || state.textContent === words) return;
    // Read aloud is only what the doctor has to know.
    state.setAttribute("aria-live", which === "saving" || which === "saved" ? "off" : "polite");
    state.textContent = words;
  }

  // Not form.action: a button of that name stands in its place.
  private get address(): string {
    return this.form.getAttribute("action") ?? "";
  }

  private get version(): HTMLInputElement {
    return this.form.elements.namedItem("version") as HTMLInputElement;
  }
}

function isJson(answer: Response): boolean {
  return answer.headers.get("Content-Type")?.startsWith("application/json") ?? false;
}
