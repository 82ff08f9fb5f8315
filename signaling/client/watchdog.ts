// Notices a changed or silent network sooner than the browser's own timers do.

const LOOK_EVERY = 1000;
const SILENT_AFTER = 2000;
const AGAIN_AFTER = 4000;
const LOST: readonly RTCPeerConnectionState[] = ["disconnected", "failed"];

export interface WatchdogEvents {
  // The network under us changed, or nothing has come in for a while: see to it.
  trouble(networkChanged: boolean): void;
  well(): void;
}

export class Watchdog {
  private readonly timer = setInterval(() => void this.look(), LOOK_EVERY);
  private pc: RTCPeerConnection | undefined;
  private bytes = 0;
  private heard = 0;
  private cried = 0;
  private readonly changed = () => this.pc && this.cry(true);

  constructor(private readonly events: WatchdogEvents) {
    addEventListener("online", this.changed);
    connection()?.addEventListener("change", this.changed);
  }

  watch(pc: RTCPeerConnection | undefined): void {
    this.pc = pc;
    this.bytes = this.heard = this.cried = 0;
  }

  stop(): void {
    clearInterval(this.timer);
    removeEventListener("online", this.changed);
    connection()?.removeEventListener("change", this.changed);
  }

  private async look(): Promise<void> {
    const pc = this.pc;
    if (!pc) return;
    const bytes = await received(pc);
    if (pc !== this.pc) return;
    const now = performance.now();
    if (bytes > this.bytes) {
      this.heard = now;
      if (this.cried || this.bytes === 0) this.events.well();
      this.cried = 0;
    } else if (this.heard && now - this.heard > SILENT_AFTER && now - this.cried > AGAIN_AFTER) {
      this.cry();
    } else if (LOST.includes(pc.connectionState) && now - this.cried > AGAIN_AFTER) {
      this.cry();
    }
    this.bytes = bytes;
  }

  private cry(networkChanged = false): void {
    this.cried = performance.now();
    this.events.trouble(networkChanged);
  }
}

async function received(pc: RTCPeerConnection): Promise<number> {
  let sum = 0;
  for (const report of (await pc.getStats()).values()) {
    if (report.type === "inbound-rtp") sum += report.bytesReceived ?? 0;
  }
  return sum;
}

// Chromium's NetworkInformation is not in TypeScript's library.
function connection(): EventTarget | undefined {
  return (navigator as Navigator & { connection?: EventTarget }).connection;
}
