// Tells the server how the call goes: each second is taken in, five of them make one look, some looks one request.
// What could not be told yet is kept for ten minutes; a refusal for good (4xx) ends the telling, never the call.

import type { Seen } from "../../../signaling/client/steering";

export interface Told {
  n: number;
  ago_ms: number;
  rung: string;
  rtt_ms: number | null;
  loss_percent: number | null;
  concealed_percent: number | null;
  fps: number | null;
  buffer_ms: number | null;
  sent_bytes: number;
  received_bytes: number;
  up_kbps: number | null;
}

export interface Telling {
  // Send the body to this page's own door; returns the status. It may throw: the line is away.
  post(body: { page: string; looks: Told[] }): Promise<number>;
  now?(): number;
}

const SECOND_MS = 1_000;
const LOOK_MS = 5_000;
const TELL_MS = 30_000;
const MOST_KEPT = 120;
const OLDEST_MS = 600_000;

type Look = Omit<Told, "ago_ms"> & { at: number };

export class CallLog {
  private readonly page = crypto.randomUUID().replaceAll("-", "");
  private readonly now: () => number;
  private seconds: Seen[] = [];
  private since: number | null = null;
  private kept: Look[] = [];
  private n = 0;
  private toldAt: number;
  private telling = false;
  private over = false;

  constructor(private readonly options: Telling) {
    this.now = options.now ?? (() => performance.now());
    this.toldAt = this.now();
  }

  // One second of the call.
  seen(second: Seen): void {
    if (this.over) return;
    const at = this.now();
    this.since ??= at - SECOND_MS;
    // A change of the rung begins a new look, so that each says truly on which it was.
    if (this.seconds[0] && this.seconds[0].rung !== second.rung) this.close(at);
    this.seconds.push(second);
    if (at - this.since >= LOOK_MS - SECOND_MS / 2) this.close(at);
    if (at - this.toldAt >= TELL_MS) void this.tell();
  }

  // The call is over, or the page goes: what is left is told at once.
  async end(): Promise<void> {
    this.close(this.now());
    await this.tell();
    this.over = true;
  }

  private close(at: number): void {
    if (this.seconds.length) this.kept.push({ n: this.n++, at, ...together(this.seconds) });
    this.kept = this.kept.slice(-MOST_KEPT);
    this.seconds = [];
    this.since = at;
  }

  private async tell(): Promise<void> {
    if (this.telling || this.over) return;
    this.telling = true;
    this.toldAt = this.now();
    this.kept = this.kept.filter((look) => this.toldAt - look.at < OLDEST_MS);
    const going = this.kept;
    const looks = going.map(({ at, ...look }) => ({ ...look, ago_ms: Math.round(this.toldAt - at) }));
    const status = looks.length ? await this.options.post({ page: this.page, looks }).catch(() => 0) : 0;
    this.telling = false;
    if (status >= 200 && status < 300) this.kept = this.kept.filter((look) => !going.includes(look));
    else if (status >= 400 && status < 500) this.over = true;
  }
}

function together(seconds: readonly Seen[]): Omit<Told, "n" | "ago_ms"> {
  const looks = seconds.map((second) => second.look);
  const sum = (of: (second: Seen) => number) => Math.max(0, Math.round(seconds.reduce((all, each) => all + of(each), 0)));
  return {
    rung: seconds[0]?.rung ?? "audio",
    rtt_ms: whole(middle(looks.map((look) => look.sample.rtt))),
    loss_percent: percent(mean(looks.map((look) => look.missed))),
    concealed_percent: percent(mean(seconds.map((second) => second.concealed))),
    fps: rounded(mean(looks.map((look) => look.frames)), 240),
    buffer_ms: whole(mean(seconds.map((second) => second.waits))),
    sent_bytes: sum((second) => second.look.sentBytes),
    received_bytes: sum((second) => second.look.gotBytes),
    up_kbps: whole(middle(looks.map((look) => look.sample.room))),
  };
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value));
}

function mean(values: readonly (number | null)[]): number | null {
  const told = known(values);
  return told.length ? told.reduce((all, each) => all + each, 0) / told.length : null;
}

function middle(values: readonly (number | null)[]): number | null {
  const told = known(values).sort((one, other) => one - other);
  return told[Math.floor(told.length / 2)] ?? null;
}

function percent(share: number | null): number | null {
  return share === null ? null : rounded(share * 100, 100);
}

function rounded(value: number | null, most: number): number | null {
  return value === null ? null : Math.min(most, Math.max(0, Math.round(value * 100) / 100));
}

function whole(value: number | null): number | null {
  return value === null ? null : Math.min(600_000, Math.max(0, Math.round(value)));
}
