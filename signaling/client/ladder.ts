// Which rung of the ladder a line carries, and why. Pure: what was measured comes in with its time, a rung comes out.
// Down in seconds, up slowly and only with proof; a climb that failed waits twice as long before the next.

import { LEVELS, RUNGS, ceiling, type Caps, type Level, type Rung } from "./levels";

export const WHYS = ["begun", "known", "well", "slow", "lossy", "late"] as const;
export type Why = (typeof WHYS)[number];

// What one look at the connection says; null is what nobody measured, and proves nothing.
export interface Sample {
  // Milliseconds of a steady clock.
  at: number;
  // kbit/s that the browser believes it may send.
  room: number | null;
  // kbit/s at which pieces sent in one go have just come out at the other side.
  carried: number | null;
  // kbit/s that went out.
  sent: number;
  // Shares of our packets that the other side did not get, of its speech that was made up here: 0 to 1.
  lost: number | null;
  concealed: number | null;
  // Milliseconds: there and back, in the jitter buffer, and how long the picture stood still since the last look.
  rtt: number | null;
  waits: number | null;
  frozen: number;
  // Whether anything at all has come in since the last look.
  alive: boolean;
}

const NOTHING: Caps = { video: null, audio: null, stills: null };

const LOWEST = LEVELS.length - 1;
const UNKNOWN_LINE = 2;
const WITHOUT_FILM = LEVELS.map((level) => level.rung).lastIndexOf("stills");

const FIRST_PATIENCE = 3_000;
// A line that was measured before anybody spoke is not measured again soon: the speech would wait behind it.
const MEASURED = 60_000;
const AFTER_A_FALL = 20_000;
const LONGEST_PATIENCE = 320_000;
// A climb that holds this long was right; one that ends sooner was not.
const PROVEN = 15_000;
const FORGIVEN = 120_000;
// What was queued before a change still comes out late: seconds of film that a thin line has taken in take ten to come out
// beside the speech. Without a picture reports of loss come every 5 s only, and each counts until the next.
const DRAINS = { video: 3_000, voice: 10_000 };
const REPORTED = { video: 1_500, voice: 11_000 };
const PHONE_AFTER = 10_000;
const WRITTEN_AFTER = 60_000;
// A line that was away tells of its absence for a while after it is back: that is no sign of what it carries.
const RETURNS = 5_000;
// A gap without a look: nothing is known about it, so nothing was calm in it.
const BLIND = 5_000;

export interface Standing {
  level: number;
  why: Why;
  // When this level began, and when nothing was wrong any more (null: something is).
  since: number;
  calm: number | null;
  climbed: boolean;
  patience: number;
  strikes: { slow: number; late: number };
  // The way there and back in ms: the shortest that was seen, and the last.
  nearest: number | null;
  trip: number | null;
  // Since when even the lowest level gets no speech through.
  failing: number | null;
  // Since when a line that was away has been back; Infinity while it is away.
  back: number | null;
  // Whether the next step up waits for a train to show what the line carries.
  asks: boolean;
  seen: number;
}

// `kbit` is what a line probe or the line's memory says; without it a call begins with a small picture.
export function begin(at: number, kbit: number | null = null): Standing {
  const known = kbit === null ? UNKNOWN_LINE : fitting(kbit, "need");
  return {
    level: known,
    why: kbit === null ? "begun" : "known",
    since: at,
    calm: null,
    climbed: false,
    patience: kbit === null ? FIRST_PATIENCE : MEASURED,
    strikes: { slow: 0, late: 0 },
    nearest: null,
    trip: null,
    failing: null,
    back: null,
    asks: false,
    seen: at,
  };
}

export function looked(before: Standing, now: Sample): Standing {
  const nearest = lower(before.nearest, now.rtt);
  const after = { ...before, nearest, trip: now.rtt ?? before.trip, seen: now.at, back: returned(before, now) };
  after.failing = fails(before, now) ? (before.failing ?? now.at) : null;
  if (after.back !== null) return { ...after, calm: null, ...FRESH };
  after.strikes = struck(after, now);
  const wrong = trouble(after, now);
  if (wrong) return fallen(after, now, wrong);
  const calm = isCalm(after, now) && now.at - before.seen < BLIND;
  after.calm = calm ? (before.calm ?? now.at) : null;
  if (after.calm === null) return after;
  // Two sizes of speech say nothing of film.
  const proven = after.climbed && at(after.level).caps.video && now.at - after.since > FORGIVEN;
  if (proven) after.patience = Math.max(AFTER_A_FALL, after.patience / 2);
  if (proven) after.climbed = false;
  return climbed(after, now);
}

// Where it may feel its way the browser itself knows what the line carries, or nearly; else a train has to show it.
function climbed(after: Standing, now: Sample): Standing {
  const next = LEVELS[after.level - 1];
  const quiet = after.calm === null ? 0 : now.at - after.calm;
  if (!next || quiet < after.patience) return after;
  const known = now.carried ?? (ceiling(at(after.level).caps) === null ? now.room : null);
  if (known === null) return { ...after, asks: true };
  const proven = known >= next.need || (now.carried === null && known >= next.need * 0.6 && quiet >= AFTER_A_FALL);
  if (proven) return { ...after, level: after.level - 1, why: "well", since: now.at, calm: null, climbed: true, ...FRESH };
  return now.carried === null ? after : { ...after, asks: false, calm: now.at, patience: longer(after.patience) };
}

function longer(patience: number): number {
  return Math.max(AFTER_A_FALL, Math.min(patience * 2, LONGEST_PATIENCE));
}

function returned(before: Standing, now: Sample): number | null {
  if (!now.alive) return Infinity;
  const since = before.back === Infinity ? now.at : before.back;
  return since !== null && now.at - since < RETURNS ? since : null;
}

const FRESH = { strikes: { slow: 0, late: 0 }, asks: false };

function struck(standing: Standing, now: Sample): Standing["strikes"] {
  const level = at(standing.level);
  // Without a picture little is sent, and from little the browser can't tell what the line carries.
  const slow = level.caps.video !== null && now.room !== null && now.room < level.floor;
  const drains = level.caps.video ? DRAINS.video : DRAINS.voice;
  const draining = standing.why !== "begun" && standing.why !== "known" && now.at - standing.since < drains;
  const late = draining ? 0 : lateness(now, level.caps.video !== null, queued(standing));
  return { slow: slow ? standing.strikes.slow + 1 : 0, late: late ? standing.strikes.late + late : 0 };
}

// One second of a burst of loss is like this, too; a full queue stays so.
function lateness(now: Sample, moves: boolean, queue: boolean): number {
  // After a burst, or a late beginning, the browser lets speech wait for a while on a line that is as short as ever.
  const waits = queue || !moves ? (now.waits ?? 0) : 0;
  if (waits > 700 || (now.concealed ?? 0) > 0.3) return 2;
  const stands = moves && (now.frozen > 600 || (now.rtt ?? 0) > 1_200);
  return waits > 450 || (now.concealed ?? 0) > 0.15 || stands ? 1 : 0;
}

// What goes there and back takes longer than it would on an empty line.
function queued({ trip, nearest }: Pick<Standing, "trip" | "nearest">): boolean {
  return trip !== null && nearest !== null && trip > nearest * 1.4 + 150;
}

// What is wrong enough to go down for.
function trouble(after: Standing, now: Sample): Why | null {
  if (after.level === LOWEST) return null;
  const level = at(after.level);
  // Begun before the first train had come through: what it says comes late, and decides all the same.
  if (after.why === "begun" && now.carried !== null && now.carried < level.need) return "slow";
  if (jammed(after, now)) return "lossy";
  const patient = level.caps.video ? { slow: 2, late: 3 } : { slow: Infinity, late: 15 };
  if (now.room !== null && level.caps.video && now.room < level.floor / 2) return "slow";
  if (after.strikes.slow >= patient.slow) return "slow";
  return after.strikes.late >= patient.late ? "late" : null;
}

// Lost because the queue overflows, not because the air is bad: much is lost, and what arrives arrives late.
function jammed(after: Standing, now: Sample): boolean {
  const reported = at(after.level).caps.video ? REPORTED.video : REPORTED.voice;
  if (now.lost === null || now.at - after.since < reported) return false;
  return now.lost > 0.35 || (now.lost > 0.15 && queued(after));
}

function fallen(after: Standing, now: Sample, why: Why): Standing {
  const through = jammed(after, now) && now.sent > 0 ? now.sent * (1 - (now.lost ?? 0)) : null;
  const short = after.strikes.slow ? now.room : null;
  const measured = lower(through, short);
  const fits = Math.max(after.level + 1, measured === null ? 0 : fitting(measured, "floor"));
  // What gets through a full queue says little of what gets through without film: little speech and stills, so that it
  // empties, are tried first.
  const level = at(after.level).caps.video && !at(fits).caps.video ? WITHOUT_FILM : Math.min(LOWEST, fits);
  const failed = after.climbed && now.at - after.since < PROVEN;
  const patience = failed ? longer(after.patience) : Math.max(AFTER_A_FALL, after.patience);
  return { ...after, level, why, since: now.at, calm: null, climbed: false, patience, ...FRESH };
}

function isCalm(after: Standing, now: Sample): boolean {
  if (!now.alive || after.strikes.slow || after.strikes.late) return false;
  if ((now.lost ?? 0) > 0.2 || (now.waits ?? 0) > 350 || (now.concealed ?? 0) > 0.08) return false;
  return now.rtt === null || after.nearest === null || now.rtt < after.nearest * 1.4 + 100;
}

function fails(before: Standing, now: Sample): boolean {
  if (!now.alive) return true;
  const mute = (now.concealed ?? 0) > 0.25 || (now.lost ?? 0) > 0.35;
  return before.level === LOWEST && mute && now.at - before.since > DRAINS.video;
}

// What this side would do: a rung of its own, and the way out of the call when no rung carries speech.
export function proposed(standing: Standing): Rung {
  const failing = standing.failing === null ? 0 : standing.seen - standing.failing;
  if (failing >= WRITTEN_AFTER) return "written";
  return failing >= PHONE_AFTER ? "phone" : at(standing.level).rung;
}

// What a side says to the other: what its line carries, why, and what a person chose instead.
export interface Wish {
  rung: Rung;
  why: Why;
  hand: Rung | null;
}

export interface Agreed {
  rung: Rung;
  why: Why;
  // Whose word it is: a person's, this line's, or the other side's.
  by: "hand" | "own" | "other";
}

// Both sides do the lower of what the two say; what a person chose is done whatever the lines say.
// Telephone and written answer are never begun by a line: until a person chooses them, speech goes on.
export function agreed(own: Wish, other: Wish | null): Agreed {
  const hands = [own.hand, other?.hand].filter((rung) => rung != null);
  const chosen = hands.reduce<Rung | null>((low, rung) => (low && above(low, rung) ? rung : (low ?? rung)), null);
  const lower = other && above(own.rung, other.rung) ? other : own;
  if (chosen) return { rung: chosen, why: lower.why, by: "hand" };
  const rung = above(lower.rung, "audio") ? lower.rung : "audio";
  return { rung, why: lower.why, by: lower === own ? "own" : "other" };
}

export function above(one: Rung, other: Rung): boolean {
  return RUNGS.indexOf(one) < RUNGS.indexOf(other);
}

// What may be sent on a rung; a picture that a person insists on is as small as pictures get.
export function caps(standing: Standing, rung: Rung): Caps {
  const own = at(standing.level);
  if (own.rung === rung) return own.caps;
  const same = LEVELS.filter((level) => level.rung === rung);
  return (above(own.rung, rung) ? same[0] : same.at(-1))?.caps ?? NOTHING;
}

function fitting(kbit: number, by: "floor" | "need"): number {
  const found = LEVELS.findIndex((level) => kbit >= level[by]);
  return found < 0 ? LOWEST : found;
}

function at(level: number): Level {
  return LEVELS[level] ?? (LEVELS[LOWEST] as Level);
}

function lower(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
