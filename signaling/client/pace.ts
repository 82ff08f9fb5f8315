// How fast the other page may speak: a bucket of words that refills steadily (docs/protocol.md, between the two pages).

export class Pace {
  private left: number;
  private at = -Infinity;

  constructor(
    private readonly most: number,
    private readonly perSecond: number,
  ) {
    this.left = most;
  }

  // Take one word at a moment of a steady clock, in ms, if there is one left.
  allows(at: number): boolean {
    if (at > this.at) this.left = Math.min(this.most, this.left + ((at - this.at) / 1_000) * this.perSecond);
    this.at = Math.max(this.at, at);
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}
