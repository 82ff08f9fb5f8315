// Steers what a running call sends: looks each second, agrees with the other side on a rung, and does it.

import type { Body, Channel } from "./channel";
import { Gauge, type Heard, type Look } from "./gauge";
import { WHYS, agreed, begin, caps, looked, proposed, type Agreed, type Standing, type Wish } from "./ladder";
import { RUNGS, ceiling, type Caps, type Rung } from "./levels";
import type { Leg } from "./leg";
import { Sending } from "./sending";
import { Stills } from "./stills";

const LOOK_EVERY = 1_000;
// What one gets is told every other look; told longer ago than this, it says nothing of now.
const TELL_EVERY = 2;
const ASK_EVERY = 8_000;
const TOLD_IS_FRESH = 6_000;
const UNKNOWN_KBIT = 150;
const TRAINS = 3;
const TRAIN_TRAVELS = 3_000;
const NOTHING_HEARD: Heard = { waits: null, concealed: null, frozen: 0, carried: null };

export interface View extends Agreed {
  // The line carries a picture, but only a small one.
  small: boolean;
  // What may be sent of it.
  caps: Caps;
  // The way out of the call that a line proposes when it carries no speech.
  proposal: "phone" | "written" | null;
  hands: { own: Rung | null; other: Rung | null };
}

// One second of a call as this side saw it, for the log; shares are 0 to 1, null is what could not be measured.
export interface Seen {
  rung: Rung;
  look: Look;
  waits: number | null;
  concealed: number | null;
}

export interface SteeringOptions {
  channel: Channel;
  // kbit/s of this line, where a probe or an earlier call has measured it.
  known?: number | null;
  inTurn(run: () => Promise<void>): Promise<void>;
  camera(): HTMLVideoElement | null;
  changed(view: View): void;
  still(picture: Blob): void;
  seen?(second: Seen): void;
}

export class Steering {
  private leg: Leg | null = null;
  private sending: Sending | null = null;
  private stills: Stills | null = null;
  private gauge: Gauge | null = null;
  private standing: Standing;
  private known: number | null;
  private measured = false;
  private hand: Rung | null = null;
  private other: Wish | null = null;
  private told: { heard: Heard; at: number } | null = null;
  private tick: ReturnType<typeof setInterval> | undefined;
  private looks = 0;
  private asked = 0;
  private said = "";

  constructor(private readonly options: SteeringOptions) {
    this.known = options.known ?? null;
    this.standing = begin(performance.now(), this.known);
    options.channel.on("rung", (body) => this.listen(body));
    options.channel.on("heard", (body) => this.hear(readHeard(body)));
  }

  get view(): View {
    const own = this.wish();
    const proposal = own.rung === "phone" || own.rung === "written" ? own.rung : null;
    const found = agreed(own, this.other);
    const carried = caps(this.standing, found.rung);
    const small = (carried.video?.shrink ?? 1) > 1;
    return { ...found, small, caps: carried, proposal, hands: { own: this.hand, other: this.other?.hand ?? null } };
  }

  // Each new connection is steered from its first packet on; null when it was let go.
  bind(leg: Leg | null): void {
    this.stills?.close();
    this.leg = leg;
    this.sending = this.stills = this.gauge = null;
    this.other = this.told = null;
    this.said = "";
    this.measured = false;
    if (!leg) return;
    this.sending = new Sending(leg, () => this.options.inTurn(() => leg.reread()), this.known ?? UNKNOWN_KBIT);
    this.stills = new Stills(leg.pc, {
      open: () => this.measure(TRAINS),
      look: () => this.options.camera(),
      got: (picture) => this.options.still(picture),
      carried: (kbit) => this.tick === undefined && this.options.channel.say("heard", { carried: Math.round(kbit) }),
    });
    this.gauge = new Gauge(leg.pc);
    leg.pc.addEventListener("signalingstatechange", () => leg === this.leg && this.do());
    this.do();
  }

  // Only while both may see and hear each other: what a silent line carries nobody knows.
  run(on: boolean): void {
    if (on === (this.tick !== undefined)) return;
    clearInterval(this.tick);
    this.tick = undefined;
    if (!on) return this.stills?.run(null);
    this.told = null;
    this.standing = { ...this.standing, since: performance.now(), seen: performance.now(), calm: null, failing: null };
    void this.gauge?.look(performance.now()).catch(() => null);
    this.tick = setInterval(() => void this.look(), LOOK_EVERY);
    this.do();
    this.say();
  }

  // A person's choice, done on both sides whatever the lines say; null gives it back to the lines.
  choose(rung: Rung | null): void {
    this.hand = rung;
    this.say();
    this.do();
  }

  private wish(): Wish {
    return { rung: proposed(this.standing), why: this.standing.why, hand: this.hand };
  }

  private async look(): Promise<void> {
    const now = performance.now();
    const gauge = this.gauge;
    const look = await gauge?.look(now).catch(() => null);
    if (!look || gauge !== this.gauge || this.tick === undefined) return;
    // What was told counts once: a bad second stays one.
    const told = this.told && now - this.told.at < TOLD_IS_FRESH ? this.told.heard : NOTHING_HEARD;
    this.told = null;
    this.standing = looked(this.standing, { ...look.sample, ...worse(look.heard, told), carried: told.carried });
    if (this.standing.asks && now - this.asked > ASK_EVERY) {
      this.asked = now;
      this.stills?.measure(true);
    }
    if (this.looks++ % TELL_EVERY === 0) this.tell(look);
    this.say();
    this.sending?.told(look.speech);
    this.sending?.settled();
    this.do();
    const { waits, concealed } = look.heard;
    this.options.seen?.({ rung: this.view.rung, look, waits, concealed });
  }

  private tell(look: Look): void {
    const { waits, concealed, frozen } = look.heard;
    const whole = (value: number | null | undefined) => (value == null ? null : Math.round(value));
    this.options.channel.say("heard", {
      waits: whole(waits),
      concealed: concealed === null ? null : Math.round(concealed * 1000) / 1000,
      frozen: whole(frozen),
      carried: whole(this.stills?.takeCarried()),
    });
  }

  private say(): void {
    const wish = this.wish();
    const words = JSON.stringify(wish);
    if (words !== this.said && this.options.channel.say("rung", { ...wish })) this.said = words;
  }

  private listen(body: Body): void {
    const wish = readWish(body);
    if (!wish) return;
    this.other = wish;
    this.do();
  }

  // Before anybody talks this says what the line carries, and the call begins with it.
  private hear(heard: Heard): void {
    this.told = { heard, at: performance.now() };
    if (heard.carried === null) return;
    const silent = this.tick === undefined;
    this.known = heard.carried;
    this.measured = true;
    this.sending?.startAt(this.known, silent);
    if (!silent) return;
    this.standing = begin(performance.now(), this.known);
    this.do();
  }

  // Until the other side has told what came, for a train's last piece may be lost as well.
  private measure(left: number): void {
    const stills = this.stills;
    if (this.tick !== undefined || this.measured || left === 0) return;
    stills?.measure(false);
    setTimeout(() => stills === this.stills && this.measure(left - 1), TRAIN_TRAVELS);
  }

  private do(): void {
    const view = this.view;
    const wanted = caps(this.standing, view.rung);
    // A browser that was held back once is slow to believe more: not before something is known, or somebody speaks.
    const open = this.tick === undefined && this.standing.why === "begun";
    void this.sending?.apply(wanted, open ? null : ceiling(wanted));
    this.stills?.run(this.tick === undefined ? null : wanted.stills);
    this.options.changed(view);
  }
}

// Both ways go over the same two lines; what one hears badly is known here at once, what the other hears takes its time.
function worse(own: Look["heard"], told: Heard): Look["heard"] {
  const more = (one: number | null, other: number | null) => (one === null ? other : Math.max(one, other ?? 0));
  return {
    waits: more(own.waits, told.waits),
    concealed: more(own.concealed, told.concealed),
    frozen: Math.max(own.frozen, told.frozen),
  };
}

export function readWish(body: Body): Wish | null {
  const rung = RUNGS.find((known) => known === body["rung"]);
  const why = WHYS.find((known) => known === body["why"]) ?? "well";
  const hand = RUNGS.find((known) => known === body["hand"]) ?? null;
  return rung ? { rung, why, hand } : null;
}

export function readHeard(body: Body): Heard {
  const number = (name: string, most: number) => {
    const said = body[name];
    return typeof said === "number" && said >= 0 ? Math.min(said, most) : null;
  };
  return {
    waits: number("waits", 60_000),
    concealed: number("concealed", 1),
    frozen: number("frozen", 60_000) ?? 0,
    carried: number("carried", 1_000_000),
  };
}
