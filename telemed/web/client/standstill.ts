// Ends what gets no further: nobody is to wait for ever before a bar that stands.

export const STANDS = 30_000;

export class Standstill {
  private share = -1;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly over: () => void, private readonly after: number) {}

  begin(): void {
    this.share = -1;
    this.at(0);
  }

  // So much is done, 0 to 1; the same again is no progress.
  at(share: number): void {
    if (share <= this.share) return;
    this.share = share;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.over, this.after);
  }

  end(): void {
    clearTimeout(this.timer);
    this.share = 2;
  }
}
