// What the first question does not need comes while the second one is read, however the line is, and before any step
// that it serves is left.

import type { Further } from "./further";
import type { Part } from "./part";

export class Soon implements Part {
  private part: Further | null = null;
  private coming: Promise<Further> | null = null;

  constructor(private readonly load: () => Promise<Further>, private readonly first: string) {}

  get acts(): NonNullable<Part["acts"]> {
    return this.part?.acts ?? {};
  }

  async shown(main: HTMLElement, key: string): Promise<void> {
    if (key === this.first) return;
    const part = await this.come();
    if (main.isConnected) await part.shown(main, key);
  }

  left(): void {
    this.part?.left();
  }

  async gone(): Promise<void> {
    await this.part?.gone();
  }

  async answered(key: string): Promise<boolean> {
    return (await this.come()).answered(key);
  }

  private come(): Promise<Further> {
    return (this.coming ??= this.load().then((part) => (this.part = part)));
  }
}
