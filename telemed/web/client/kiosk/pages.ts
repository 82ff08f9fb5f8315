// Fetches the page of a step, which is the same for everybody, and puts it in place of the one before.

import type { Problem } from "../steps/evaluate";
import type { Answers } from "../steps/rules";

const WAIT_MS = 8_000;
const AGAIN_MS = 1_500;

export class Screen {
  private readonly line = document.getElementById("line");
  // Every page that has come, and those that came along with it: none is asked for twice, and none tells anything.
  private readonly brought = new Map<string, string>();

  constructor(readonly language: string) {}

  get main(): HTMLElement {
    const main = document.getElementById("main");
    if (!main) throw new Error("the page has no main part");
    return main;
  }

  async show(key: string): Promise<HTMLElement> {
    this.main.replaceWith(document.adoptNode(await this.page(key)));
    return this.main;
  }

  async page(key: string): Promise<HTMLElement> {
    const main = parsed(this.brought.get(key) ?? (await this.fetched(key))).getElementById("main");
    if (!main) throw new Error(`no page for ${key}`);
    return main;
  }

  // Kept for when the line is gone.
  async bring(key: string): Promise<void> {
    if (!this.brought.has(key)) await this.fetched(key);
  }

  private async fetched(key: string): Promise<string> {
    const came = await this.came(key);
    for (const page of came.querySelectorAll<HTMLTemplateElement>("template[data-page]")) {
      this.brought.set(page.dataset["page"] ?? "", page.innerHTML);
    }
    const main = came.getElementById("main");
    const html = main?.outerHTML ?? "";
    // A page that says why there is none must not stay.
    if (main?.dataset["step"] === key) this.brought.set(key, html);
    return html;
  }

  // The answer to a page's name, and the sheets that it names.
  async came(key: string): Promise<Document> {
    const page = parsed(await this.text(`/kiosk/pages/${this.language}/${key}`));
    const sheets = [...page.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")];
    await Promise.all(sheets.map((sheet) => this.wear(sheet.href)));
    return page;
  }

  private async wear(sheet: string): Promise<void> {
    if ([...document.styleSheets].some(({ href }) => href === sheet)) return;
    await this.patiently(() => fetch(sheet));
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = sheet;
    await new Promise((there) => {
      link.onload = link.onerror = there;
      document.head.append(link);
    });
  }

  settle(): void {
    window.scrollTo(0, 0);
    const heading = this.heading();
    if (heading) heading.tabIndex = -1;
    heading?.focus({ preventScroll: true });
    this.entitle();
  }

  // Only what can be seen: a heading may hold words for several ends of a visit.
  entitle(): void {
    document.title = this.heading()?.innerText.trim() || document.title;
  }

  // The village's line comes and goes: keep asking, say so, lose nothing.
  async patiently<Told>(ask: () => Promise<Told>): Promise<Told> {
    for (let wait = AGAIN_MS; ; wait = Math.min(wait * 2, 30_000)) {
      const slow = setTimeout(() => this.say(true), WAIT_MS);
      try {
        const answer = await ask();
        if (!(answer instanceof Response) || answer.status < 500) {
          this.say(false);
          return answer;
        }
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      } finally {
        clearTimeout(slow);
      }
      this.say(true);
      await new Promise((go) => setTimeout(go, wait * (0.5 + Math.random() / 2)));
    }
  }

  async text(path: string): Promise<string> {
    return (await this.patiently(() => fetch(path, { credentials: "omit" }))).text();
  }

  private heading(): HTMLElement | null {
    return this.main.querySelector("h1");
  }

  private say(slow: boolean): void {
    if (this.line) this.line.hidden = !slow;
  }
}

function parsed(html: string): Document {
  return new DOMParser().parseFromString(html, "text/html");
}

export function refill(main: HTMLElement, key: string, answers: Answers): void {
  for (const input of main.querySelectorAll("input")) {
    // What a device once sent belongs to the page on which it was sent.
    if (!input.name || input.type === "hidden") continue;
    if (input.type === "radio") input.checked = input.value === (answers[input.name] ?? "");
    else input.value = answers[input.name] ?? "";
  }
  for (const button of main.querySelectorAll<HTMLButtonElement>(`button[name="${key}"]`)) {
    button.classList.toggle("chosen", button.value !== "given" && button.value === answers[key]);
  }
}

export function tell(main: HTMLElement, found: Problem[]): void {
  const wrong = new Set(found.map(({ field, code }) => `${field} ${code}`));
  const box = main.querySelector<HTMLElement>(".problem");
  for (const line of main.querySelectorAll<HTMLElement>("[data-problem]")) {
    line.hidden = !wrong.has(line.dataset["problem"] ?? "");
  }
  if (box) box.hidden = found.length === 0;
  for (const input of main.querySelectorAll("input")) {
    input.toggleAttribute("aria-invalid", false);
    if (found.some(({ field }) => field === input.name)) input.setAttribute("aria-invalid", "true");
  }
  main.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
}

export function fill(main: HTMLElement, values: Record<string, string>): void {
  for (const place of main.querySelectorAll<HTMLElement>("[data-fill]")) {
    place.textContent = values[place.dataset["fill"] ?? ""] ?? "";
  }
}
