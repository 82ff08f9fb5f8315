// How long two pages stay connected in silence before they give the relay's places back.

const HELD_AT_MOST = 10 * 60_000;

export class Patience {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly over: () => void) {}

  turned(held: boolean): void {
    if (held) this.timer ??= setTimeout(this.over, HELD_AT_MOST);
    else {
      clearTimeout(this.timer);
      this.timer = undefined;
    }
  }
}
