// What the browser counts of a connection, as the ladder's measures: differences since the last look, both ways.

import type { Sample } from "./ladder";

// What one side says of what it gets; the other side's ladder steers by it (docs/protocol.md).
export interface Heard {
  // Milliseconds in the jitter buffer; share of the speech that was made up; milliseconds without a new picture.
  waits: number | null;
  concealed: number | null;
  frozen: number;
  // kbit/s at which the last still picture came out.
  carried: number | null;
}

export interface Look {
  sample: Omit<Sample, "waits" | "concealed" | "frozen" | "carried">;
  heard: Omit<Heard, "carried">;
  // For the log: bytes since the last look, pictures a second, share lost on the way to us.
  sentBytes: number;
  gotBytes: number;
  frames: number | null;
  missed: number | null;
  // bit/s that our speech encoder was told to make.
  speech: number | null;
}

type Row = Record<string, number | string | boolean | undefined>;

interface Report {
  at: number;
  lost: number;
  sent: number;
}

// Reports of loss count together for so long; a single old one still says something for longer.
const TOGETHER = 3_500;
const STALE = 7_000;
const PACKET_HEAD = 28;
// After so many looks without a packet of film there was none; a browser counts the time as one long freeze.
const FILM_IS_OFF = 3;

export class Gauge {
  private before = new Map<string, Row>();
  private reports: Report[] = [];
  private readonly told = new Map<string, { stamp: number; lost: number; sent: number }>();
  private lookedAt: number | null = null;
  private dark = 0;

  constructor(private readonly pc: Pick<RTCPeerConnection, "getStats">) {}

  // The first look only remembers; it returns null, as there is nothing to compare with.
  async look(at: number): Promise<Look | null> {
    const rows = new Map<string, Row>();
    (await this.pc.getStats()).forEach((row: Row) => rows.set(String(row["id"]), row));
    const span = this.lookedAt === null ? null : at - this.lookedAt;
    this.collect(rows, at);
    const look = span && span > 0 ? this.compare(rows, at, span) : null;
    this.before = rows;
    this.lookedAt = at;
    return look;
  }

  private compare(rows: Map<string, Row>, at: number, span: number): Look {
    const transport = one(rows, "transport");
    const pair = rows.get(String(transport?.["selectedCandidatePairId"])) ?? null;
    const sentBytes = this.onWire(transport, "Sent");
    const gotBytes = this.onWire(transport, "Received");
    const sample = {
      at,
      room: kilo(value(pair, "availableOutgoingBitrate")),
      sent: (sentBytes * 8) / span,
      lost: this.lost(at),
      rtt: this.trip(rows, pair),
      alive: this.grown(transport, "bytesReceived") > 0,
    };
    const speech = value(one(rows, "outbound-rtp", "audio"), "targetBitrate");
    return { sample, heard: this.heard(rows, span), sentBytes, gotBytes, speech, ...this.shown(rows, span) };
  }

  private heard(rows: Map<string, Row>, span: number): Look["heard"] {
    const voice = one(rows, "inbound-rtp", "audio");
    const played = this.grown(voice, "jitterBufferEmittedCount");
    const heard = this.grown(voice, "totalSamplesReceived");
    const came = this.grown(voice, "packetsReceived") > 0;
    const madeUp = this.grown(voice, "concealedSamples") - this.grown(voice, "silentConcealedSamples");
    const picture = one(rows, "inbound-rtp", "video");
    const filmed = this.grown(picture, "packetsReceived") > 0;
    const stands = filmed && this.grown(picture, "framesDecoded") === 0;
    const begins = this.dark >= FILM_IS_OFF;
    this.dark = filmed ? 0 : this.dark + 1;
    return {
      waits: played > 0 ? (this.grown(voice, "jitterBufferDelay") / played) * 1000 : null,
      concealed: came && heard > 0 ? Math.max(0, madeUp) / heard : null,
      frozen: begins ? 0 : stands ? span : Math.min(span, this.grown(picture, "totalFreezesDuration") * 1000),
    };
  }

  private shown(rows: Map<string, Row>, span: number): Pick<Look, "frames" | "missed"> {
    const picture = one(rows, "inbound-rtp", "video");
    const decoded = this.grown(picture, "framesDecoded");
    let lost = 0;
    let came = 0;
    for (const row of all(rows, "inbound-rtp")) {
      lost += Math.max(0, this.grown(row, "packetsLost"));
      came += this.grown(row, "packetsReceived");
    }
    return {
      frames: decoded > 0 ? (decoded * 1000) / span : null,
      missed: came + lost >= 10 ? lost / (came + lost) : null,
    };
  }

  // Each report of the other side says how many of our packets it misses since the one before.
  private collect(rows: Map<string, Row>, at: number): void {
    for (const report of all(rows, "remote-inbound-rtp")) {
      const id = String(report["id"]);
      const last = this.told.get(id);
      const stamp = value(report, "timestamp") ?? 0;
      if (last?.stamp === stamp) continue;
      const lost = value(report, "packetsLost") ?? 0;
      const sent = value(rows.get(String(report["localId"])), "packetsSent") ?? 0;
      this.told.set(id, { stamp, lost, sent });
      if (!last || sent <= last.sent) continue;
      const missing = Math.max(0, lost - last.lost);
      this.reports.push({ at, lost: missing, sent: Math.max(sent - last.sent, missing) });
    }
    const young = this.reports.filter((report) => at - report.at < TOGETHER);
    this.reports = young.length ? young : this.reports.slice(-1);
  }

  private lost(at: number): number | null {
    const counted = this.reports.filter((report) => at - report.at < STALE);
    const sent = counted.reduce((sum, report) => sum + report.sent, 0);
    if (sent < 10) return null;
    return counted.reduce((sum, report) => sum + report.lost, 0) / sent;
  }

  // Only a measure made since the last look says how long the way is now.
  private trip(rows: Map<string, Row>, pair: Row | null): number | null {
    const trips: number[] = [];
    const asked = this.grown(pair, "responsesReceived") > 0 ? value(pair, "currentRoundTripTime") : null;
    if (asked !== null) trips.push(asked);
    for (const report of all(rows, "remote-inbound-rtp")) {
      const trip = value(report, "roundTripTime");
      if (trip !== null && trip > 0 && this.grown(report, "roundTripTimeMeasurements") > 0) trips.push(trip);
    }
    return trips.length ? Math.max(...trips) * 1000 : null;
  }

  private onWire(transport: Row | null, way: "Sent" | "Received"): number {
    return this.grown(transport, `bytes${way}`) + PACKET_HEAD * this.grown(transport, `packets${way}`);
  }

  private grown(row: Row | null, name: string): number {
    const before = row && this.before.get(String(row["id"]));
    return row && before ? (value(row, name) ?? 0) - (value(before, name) ?? 0) : 0;
  }
}

function* all(rows: Map<string, Row>, type: string, kind?: string): Iterable<Row> {
  for (const row of rows.values()) {
    if (row["type"] === type && (kind === undefined || row["kind"] === kind)) yield row;
  }
}

function one(rows: Map<string, Row>, type: string, kind?: string): Row | null {
  for (const row of all(rows, type, kind)) return row;
  return null;
}

function value(row: Row | null | undefined, name: string): number | null {
  const found = row?.[name];
  return typeof found === "number" && Number.isFinite(found) ? found : null;
}

function kilo(bits: number | null): number | null {
  return bits === null ? null : bits / 1000;
}
