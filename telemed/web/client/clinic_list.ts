// Keeps the doctor's list fresh: asks every five seconds while the page is looked at. The server answers
// "not modified" until something has changed, so that nobody's record is read (and logged) for nothing.

const EVERY = 5000;

function minutesSince(moment: string, now: number): string {
  return String(Math.max(0, Math.floor((now - Date.parse(moment)) / 60000)));
}

export class WaitingList {
  private mark = "";
  private serverNow = 0;
  private readAt = 0;
  private failures = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly said: HTMLElement | null,
    private readonly trouble: HTMLElement | null,
  ) {
    this.noteShown();
    window.setInterval(() => void this.look(), EVERY);
    document.addEventListener("visibilitychange", () => void this.look());
  }

  // Somebody else has put a fresh list in place.
  renewed(): void {
    this.noteShown();
  }

  private noteShown(): void {
    const day = this.root.querySelector<HTMLElement>("[data-mark]");
    this.mark = day?.dataset["mark"] ?? "";
    this.serverNow = Date.parse(day?.dataset["now"] ?? "");
    this.readAt = performance.now();
  }

  async look(): Promise<void> {
    if (document.hidden) return;
    this.tick();
    try {
      const answer = await fetch(this.root.dataset["url"] ?? "", {
        headers: { "If-None-Match": `"${this.mark}"`, Accept: "text/html" },
        cache: "no-store",
        redirect: "error",
      });
      if (answer.status === 200) this.show(await answer.text());
      else if (answer.status !== 304) throw new Error(String(answer.status));
      this.failures = 0;
    } catch {
      this.failures += 1;
    }
    if (this.trouble) this.trouble.hidden = this.failures < 2;
  }

  // The minutes go on by the server's clock, which in a demo is not this machine's.
  private tick(): void {
    const words = this.root.querySelector<HTMLElement>("[data-minutes]")?.dataset["minutes"] ?? "#";
    const now = this.serverNow + performance.now() - this.readAt;
    for (const element of this.root.querySelectorAll<HTMLElement>("[data-since]")) {
      element.textContent = words.replace("#", minutesSince(element.dataset["since"] ?? "", now));
    }
  }

  private show(html: string): void {
    const focused = document.activeElement?.id ?? "";
    const parsed = new DOMParser().parseFromString(html, "text/html");
    this.root.replaceChildren(...parsed.body.children);
    this.noteShown();
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    const words = this.root.querySelector<HTMLElement>("[data-said]")?.dataset["said"] ?? "";
    if (this.said && this.said.textContent !== words) this.said.textContent = words;
  }
}
