// While nobody is there the kiosk tries its line by itself and tells what it found, so that visits are offered by what
// the line carries at that hour. A touch ends it at once; the service says when it was measured lately anyhow.

import { worstLoss } from "../../../../signaling/client/line_figures";
import { BY_ITSELF, tryLine, type Tried } from "../../../../signaling/client/probe";
import { Device } from "../device";
import { asking } from "../line_asking";

const DOOR = "/api/v1/line-probe";
const QUIET_MS = 4 * 60_000;
const EVERY_MS = 30 * 60_000;

export class LineWatch {
  private readonly device: Device;
  private timer: number | undefined;
  private running: AbortController | null = null;

  constructor(kiosk: string) {
    this.device = new Device(kiosk);
    for (const sign of ["pointerdown", "keydown"]) {
      document.addEventListener(sign, () => this.touched(), { capture: true, passive: true });
    }
    addEventListener("pagehide", () => this.running?.abort());
  }

  // After a while, never all kiosks at the same moment.
  wait(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.measure().finally(() => this.wait(EVERY_MS)), ms * (1 + Math.random() / 3));
  }

  private touched(): void {
    this.running?.abort();
    this.wait(QUIET_MS);
  }

  private async measure(): Promise<void> {
    const running = (this.running = new AbortController());
    try {
      const due = await this.device.fetch("POST", DOOR, { by_itself: true });
      if (due.status !== 200 || running.signal.aborted) return;
      const asked = asking((body) => this.device.fetch("POST", DOOR, body));
      const tried = await tryLine(asked, BY_ITSELF, running.signal);
      if (!running.signal.aborted && tried.direct !== null) await this.tell(tried);
    } catch {
      // Taken places, a line that is away, a touch in between: nothing was measured, and nobody waits for it.
    } finally {
      this.running = null;
    }
  }

  private async tell({ figures }: Tried): Promise<void> {
    const reading = {
      at: new Date().toISOString(),
      up_kbps: figures.up,
      down_kbps: figures.down,
      rtt_ms: figures.rtt,
      loss_percent: worstLoss(figures),
      source: "probe",
    };
    await this.device.fetch("POST", "/api/v1/line-readings", { readings: [reading] });
  }
}
