// A part of the kiosk whose code comes when its button is pressed first: most patients never meet it, and on a thin
// line every byte is waited for.

import type { Part } from "./part";

export class Later implements Part {
  private part: Part | null = null;
  private readonly first: NonNullable<Part["acts"]>;

  constructor(private readonly load: () => Promise<Part>, act: string) {
    this.first = { [act]: (button) => void this.come(act, button) };
  }

  get acts(): NonNullable<Part["acts"]> {
    return this.part?.acts ?? this.first;
  }

  left(): void {
    this.part?.left?.();
  }

  private async come(act: string, button: HTMLElement): Promise<void> {
    this.part ??= await this.load();
    this.part.acts?.[act]?.(button);
  }
}
