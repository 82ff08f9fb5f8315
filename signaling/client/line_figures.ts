// What was measured of a line, as figures and as a verdict: pure, so that a kiosk by itself and both pages say the same.

export interface Need {
  kbps: number;
  rtt_ms: number;
  loss_percent: number;
}

export interface Needs {
  video: Need;
  audio: Need;
}

// null: not measured.
export interface Figures {
  up: number | null;
  down: number | null;
  rtt: number | null;
  jitter: number | null;
  lossUp: number | null;
  lossDown: number | null;
}

// One datagram: when it left, when it came back (null: never), and how many had arrived over there by then.
export interface Echo {
  left: number;
  back: number | null;
  count: number;
}

export type Transport = "udp" | "tcp" | "tls";
export type Verdict = "video" | "audio" | "weak" | "none";
export type Ways = "open" | "narrow" | "blocked" | "unknown";

// Framing, DTLS, UDP and IP around each piece, in bytes.
const AROUND = 90;
// Shorter spans say more about the clocks than about the line.
const SPAN_MS = 300;
const FEWEST = 4;
const SHORTEST_MS = 5;

// The fastest stretch of a row of equal pieces, in kbit/s: the pauses of a sender that feels its way are not the line's.
export function rate(at: number[], piece: number): number | null {
  const whole = (at.at(-1) ?? 0) - (at[0] ?? 0);
  if (at.length < 3) return null;
  const span = Math.min(SPAN_MS, whole);
  let best = 0;
  let from = 0;
  for (let to = 1; to < at.length; to++) {
    while (from + FEWEST < to && at[to]! - at[from + 1]! >= span) from++;
    const took = at[to]! - at[from]!;
    if (took >= span) best = Math.max(best, ((to - from) * (piece + AROUND) * 8) / Math.max(took, SHORTEST_MS));
  }
  return Math.round(best);
}

export function echoed(row: Echo[]): Pick<Figures, "rtt" | "jitter" | "lossUp" | "lossDown"> {
  const back = row.filter(({ back }) => back !== null);
  if (back.length === 0) return { rtt: null, jitter: null, lossUp: null, lossDown: null };
  const trips = back.map(({ left, back }) => back! - left);
  const steps = trips.slice(1).map((trip, index) => Math.abs(trip - trips[index]!));
  const arrived = Math.max(...back.map(({ count }) => count));
  return {
    rtt: Math.round(middle(trips)),
    jitter: Math.round(steps.length ? steps.reduce((sum, step) => sum + step, 0) / steps.length : 0),
    lossUp: percent(row.length - arrived, row.length),
    lossDown: percent(arrived - back.length, arrived),
  };
}

export function judged(figures: Figures, needs: Needs): Verdict {
  if (figures.rtt === null && figures.down === null) return "none";
  return meets(figures, needs.video) ? "video" : meets(figures, needs.audio) ? "audio" : "weak";
}

// Calls prefer UDP; the others carry them with more delay.
export function ways(reached: Partial<Record<Transport, boolean>>, direct: boolean): Ways {
  if (direct || reached.udp) return "open";
  if (reached.tcp || reached.tls) return "narrow";
  return Object.keys(reached).length ? "blocked" : "unknown";
}

export function worstLoss({ lossUp, lossDown }: Figures): number | null {
  return lossUp === null || lossDown === null ? null : Math.max(lossUp, lossDown);
}

function meets(figures: Figures, need: Need): boolean {
  const { up, down, rtt } = figures;
  const loss = worstLoss(figures);
  const enough = [up, down].every((kbps) => kbps === null || kbps >= need.kbps);
  return enough && (rtt === null || rtt <= need.rtt_ms) && (loss === null || loss <= need.loss_percent);
}

function middle(numbers: number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function percent(part: number, of: number): number {
  return of > 0 ? Math.round((1000 * Math.max(0, part)) / of) / 10 : 0;
}
