// Runs the ladder over made-up lines and over thousands of random ones; prints for test_ladder.py what it did, as JSON.

import { above, agreed, begin, caps, looked, proposed } from "../../../signaling/client/ladder";
import { LEVELS, RUNGS } from "../../../signaling/client/levels";

const SECOND = 1000;
const GOOD = { room: 2000, carried: null, sent: 60, lost: 0, concealed: 0, rtt: 60, waits: 60, frozen: 0, alive: true };

// A seed gives the same numbers each time.
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function walk(standing, samples) {
  const seen = [standing];
  for (const sample of samples) seen.push(looked(seen.at(-1), sample));
  return seen;
}

function seconds(count, made, from = 1) {
  return Array.from({ length: count }, (_, index) => ({ at: (from + index) * SECOND, ...GOOD, ...made(index) }));
}

const rungOf = (standing) => LEVELS[standing.level].rung;
const reached = (seen, rung) => seen.findIndex((standing) => rungOf(standing) === rung);

// The lines of docs/decisions, as a browser on them sees them.
function full64(index) {
  if (index < 4) return { room: index < 2 ? 300 : 55, sent: 120, lost: index < 1 ? 0.05 : 0.4, rtt: index < 1 ? 320 : 1100 };
  return { room: 55, carried: 58, sent: 47, lost: 0.05, rtt: 380 };
}
const LINES = {
  good: seconds(60, () => ({})).reduce((seen, now) => [...seen, looked(seen.at(-1), { ...now, carried: seen.at(-1).asks ? 2000 : null })], [begin(0)]),
  full64: walk(begin(0), seconds(60, full64)),
  bursts: walk(begin(0, 128), seconds(60, (index) => ({ room: 140, lost: index % 4 ? 0.04 : 0.09, rtt: 230 }))),
  away: walk(begin(0, 2000), seconds(30, (index) => {
    if (index < 5 || index > 21) return {};
    if (index < 18) return { alive: false, room: 30, lost: 1, rtt: null };
    return { room: 60, lost: 0.9, concealed: 0.8, waits: 900, rtt: 1500 };
  })),
  sinks: walk(begin(0, 2000), seconds(20, (index) => (index < 10 ? {} : { room: 20, lost: 0.5, rtt: 900, sent: 100 }))),
};
const waiting = (rtt) => walk(begin(0, 128), seconds(30, (index) => ({ room: 90, waits: index < 5 ? 120 : 560, rtt: index < 5 ? 240 : rtt })));
const drains = walk(begin(0), seconds(20, (index) => {
  if (index < 3) return { room: 40, lost: 0.4, rtt: 1500, sent: 80 };
  return index < 12 ? { room: 40, lost: null, waits: 900, rtt: 1200 } : { room: 40, lost: 0.05, waits: 300, rtt: 390 };
}));
// What is sent decides what the browser believes to be free.
const recovers = [begin(0, 60)];
for (const sample of seconds(90, () => ({ carried: 900 }))) {
  recovers.push(looked(recovers.at(-1), { ...sample, room: rungOf(recovers.at(-1)) === "video" ? 900 : 60 }));
}
const failing = walk(begin(0, 20), seconds(90, () => ({ room: 12, lost: 0.6, concealed: 0.5, rtt: 900 })));

// After each failed climb: how long until the next one.
function climbs() {
  let standing = begin(0, 60);
  const tries = [];
  for (let now = SECOND; now < 1800 * SECOND; now += SECOND) {
    const bad = LEVELS[standing.level].caps.video !== null;
    const next = looked(standing, { ...GOOD, at: now, carried: 300, ...(bad && { lost: 0.5, rtt: 1000, sent: 100 }) });
    if (next.level < standing.level && LEVELS[next.level].caps.video) tries.push(now / SECOND);
    standing = next;
  }
  return tries.slice(1).map((moment, index) => moment - tries[index]);
}

function anySample(random, at) {
  const sometimes = (value) => (random() < 0.2 ? null : value);
  return {
    at,
    room: sometimes(random() ** 3 * 3000),
    carried: random() < 0.5 ? null : random() ** 2 * 1500,
    sent: random() * 700,
    lost: sometimes(random() ** 4),
    concealed: sometimes(random() ** 4),
    rtt: sometimes(20 + random() ** 2 * 2500),
    waits: sometimes(random() ** 2 * 900),
    frozen: random() < 0.8 ? 0 : random() * 1000,
    alive: random() < 0.95,
  };
}

// Lines that stay as they are for a while and then become others: what random noise alone never is.
function anyLine(random, length) {
  const samples = [];
  let kept = anySample(random, 0);
  for (let index = 1; index <= length; index += 1) {
    if (random() < 0.08) kept = anySample(random, 0);
    const noise = random() < 0.1 ? anySample(random, 0) : kept;
    samples.push({ ...noise, at: index * SECOND });
  }
  return samples;
}

function worse(random, sample) {
  const more = (value, by) => (value === null ? null : value + random() * by);
  const less = (value) => (value === null ? null : value * random());
  return {
    ...sample,
    room: less(sample.room),
    carried: less(sample.carried),
    lost: sample.lost === null ? null : Math.min(1, sample.lost + random() * 0.4),
    concealed: more(sample.concealed, 0.3),
    rtt: more(sample.rtt, 900),
    waits: more(sample.waits, 500),
    frozen: sample.frozen + random() * 800,
    // Absence is no look at a line: what it does to the rung is held by a case of its own.
    alive: sample.alive,
  };
}

function properties(runs) {
  const found = { steps: 0, most_in_a_minute: 0, most_climbs_in_a_minute: 0, worse_is_higher: [], raised_in_silence: [] };
  const silence = { room: null, carried: null, sent: 0, lost: null, concealed: null, rtt: null, waits: null, frozen: 0 };
  for (let seed = 1; seed <= runs; seed += 1) {
    const random = numbers(seed);
    const samples = anyLine(random, 240);
    const seen = walk(begin(0, random() < 0.5 ? null : random() * 900), samples);
    const changes = seen.flatMap((each, index) => (index && rungOf(each) !== rungOf(seen[index - 1]) ? [index] : []));
    const ups = seen.flatMap((each, index) => (index && each.level < seen[index - 1].level ? [index] : []));
    const crowd = (moments) => Math.max(0, ...moments.map((from) => moments.filter((m) => m >= from && m < from + 60).length));
    found.most_in_a_minute = Math.max(found.most_in_a_minute, crowd(changes));
    found.most_climbs_in_a_minute = Math.max(found.most_climbs_in_a_minute, crowd(ups));
    samples.forEach((sample, index) => {
      found.steps += 1;
      const bad = worse(random, sample);
      const [as, than] = [looked(seen[index], bad), looked(seen[index], sample)];
      if (as.level < than.level) found.worse_is_higher.push({ seed, index, bad, sample });
    });
    const quiet = walk(seen.at(-1), seconds(120, () => ({ ...silence, alive: random() < 0.5 }), 241));
    if (quiet.some((each, index) => index && each.level < quiet[index - 1].level)) found.raised_in_silence.push(seed);
  }
  return { ...found, worse_is_higher: found.worse_is_higher.slice(0, 3), raised_in_silence: found.raised_in_silence.slice(0, 3) };
}

function agreements() {
  const wishes = RUNGS.flatMap((rung) => [null, ...RUNGS].map((hand) => ({ rung, why: "well", hand })));
  const wrong = { not_lower: [], hand_lost: [], sides_differ: [], begun_by_line: [] };
  for (const own of wishes) {
    for (const other of [null, ...wishes]) {
      const { rung, by } = agreed(own, other);
      const hands = [own.hand, other?.hand].filter(Boolean);
      if (hands.length && !(hands.includes(rung) && by === "hand")) wrong.hand_lost.push([own, other]);
      if (!hands.length && [own, other].some((each) => each && above(each.rung, "phone") && above(rung, each.rung))) {
        wrong.not_lower.push([own, other]);
      }
      if (!hands.length && !above(rung, "phone")) wrong.begun_by_line.push([own, other]);
      if (other && agreed(other, own).rung !== rung) wrong.sides_differ.push([own, other]);
    }
  }
  return wrong;
}

console.log(
  JSON.stringify({
    stills_after_s: reached(LINES.full64, "stills"),
    sixty_four_ends_on: rungOf(LINES.full64.at(-1)),
    sixty_four_changes: LINES.full64.filter((each, index) => index && rungOf(each) !== rungOf(LINES.full64[index - 1])).length,
    good_full_after_s: LINES.good.findIndex(({ level }) => level === 0),
    good_why: LINES.good.at(-1).why,
    bursts_rungs: [...new Set(LINES.bursts.map(rungOf))],
    waits_rungs: [260, 1000].map((rtt) => rungOf(waiting(rtt).at(-1))),
    drained_rungs: [...new Set(drains.slice(4).map(rungOf))],
    late_word: looked(begin(0), { ...GOOD, at: SECOND, room: 90, carried: 60 }),
    away_rungs: [...new Set(LINES.away.slice(5).map(rungOf))],
    away_proposals: LINES.away.map(proposed).includes("phone"),
    sinks_after_s: LINES.sinks.findIndex((each, index) => index > 10 && rungOf(each) !== "video") - 10,
    recovered_rung: rungOf(recovers.at(-1)),
    starts: Object.fromEntries([20, 50, 128, 300, 5000].map((kbit) => [kbit, rungOf(begin(0, kbit))])),
    waits_between_climbs: climbs(),
    phone_after_s: failing.findIndex((each) => proposed(each) === "phone"),
    written_after_s: failing.findIndex((each) => proposed(each) === "written"),
    insisted: caps(begin(0, 20), "video").video,
    on_the_phone: caps(begin(0, 5000), "phone"),
    ...properties(Number(process.argv[2])),
    ...agreements(),
  }),
);
