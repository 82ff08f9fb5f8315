// Reads pages aloud: a page when it comes, what is focused, what is typed, and what is wrong. Loaded when first asked for.

import type { Sounds } from "./sounds";
import { sayings, spelled, type FieldInfo, type Words } from "./spoken_parts";
import { Voice } from "./voice";

const LATE = "[data-slots], [data-types]";
const CALLS_OUT = "[role=alert], [role=status], [data-again], dialog";

export class Reader {
  private readonly voice = new Voice();
  private readonly before = new WeakMap<HTMLInputElement, string>();
  // Whatever begins later silences what is being said.
  private turn = 0;
  private speaking = false;
  private heard = new WeakSet<Node>();

  constructor(
    private readonly sounds: Sounds,
    private readonly language: string,
    private readonly field: (name: string) => FieldInfo | undefined = () => undefined,
  ) {
    sounds.begin();
    document.addEventListener("focusin", (event) => this.focused(event.target));
    document.addEventListener("input", (event) => this.typed(event.target));
    const watch = new MutationObserver((changes) => this.changed(changes));
    watch.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["hidden", "open"] });
  }

  get speaks(): boolean {
    return this.speaking;
  }

  async page(): Promise<void> {
    this.heard = new WeakSet();
    await this.rest();
  }

  async say(root: Element): Promise<void> {
    await this.all([root], new WeakSet());
  }

  hush(): void {
    this.turn += 1;
    this.speaking = false;
    this.voice.stop();
  }

  // What of the page was not read yet: some of it comes late.
  private async rest(): Promise<void> {
    const main = document.getElementById("main");
    if (main) await this.all([main], this.heard);
  }

  private async all(roots: Element[], heard: WeakSet<Node>): Promise<void> {
    const mine = this.begin();
    const measured = roots.some((root) => root.querySelector("[data-field]"));
    const table = measured ? await this.sounds.numbers() : this.sounds.table;
    const words: Words = { language: this.language, table, field: this.field };
    for (const root of roots) {
      for (;;) {
        const next = mine === this.turn ? sayings(root, words).find(({ node }) => !heard.has(node)) : undefined;
        if (!next) break;
        heard.add(next.node);
        await this.texts(next.texts, mine);
      }
    }
    if (mine === this.turn) this.speaking = false;
  }

  private begin(): number {
    this.hush();
    this.speaking = true;
    return this.turn;
  }

  private async texts(texts: string[], mine: number): Promise<void> {
    for (const text of texts) {
      for (const sound of await this.sounds.of(text)) {
        if (mine !== this.turn) return;
        await this.voice.play(sound);
      }
    }
  }

  private focused(target: EventTarget | null): void {
    if (!(target instanceof HTMLElement) || target.matches("h1, h2, main") || !target.matches(":focus-visible")) return;
    const labels = target instanceof HTMLInputElement ? [...(target.labels ?? [])] : [];
    void this.all(labels.length > 0 ? labels : [target], new WeakSet());
  }

  private typed(target: EventTarget | null): void {
    if (!(target instanceof HTMLInputElement) || target.type !== "text") return;
    const { value } = target;
    const longer = value.length > (this.before.get(target)?.length ?? 0);
    this.before.set(target, value);
    const rubbed = document.querySelector("#main [data-rub]")?.getAttribute("aria-label") ?? "";
    const texts = longer ? spelled(value, this.language).slice(-1) : [rubbed];
    void this.texts(texts, this.begin());
  }

  private changed(changes: MutationRecord[]): void {
    const told = changes
      .filter(({ type }) => type === "attributes")
      .map(({ target }) => (target as Element).closest(CALLS_OUT))
      .find((place) => place?.checkVisibility());
    if (told) return void this.say(told);
    const late = changes.some(({ type, target }) => type === "childList" && (target as Element).closest?.(LATE));
    if (late && !this.speaking) void this.rest();
  }
}

