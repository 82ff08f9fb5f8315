// Works out rates, losses and verdicts from made-up rows; prints them for test_line_figures.py, as JSON.

import { echoed, judged, rate, ways } from "../../../signaling/client/line_figures";
import { transport } from "../../../signaling/client/probe";

const NEEDS = {
  video: { kbps: 400, rtt_ms: 600, loss_percent: 5 },
  audio: { kbps: 50, rtt_ms: 1000, loss_percent: 10 },
};
const GOOD = { up: 900, down: 900, rtt: 60, jitter: 3, lossUp: 0, lossDown: 0 };
const NOTHING = { up: null, down: null, rtt: null, jitter: null, lossUp: null, lossDown: null };

// Pieces of 1,100 bytes over a line of so many kbit/s; `feeling` lets few go at first, one round trip each.
function over(kbps, pieces, rtt = 0) {
  const each = ((1100 + 90) * 8) / kbps;
  const at = [];
  for (let round = 3, clock = 0; at.length < pieces; round *= 2, clock = Math.max(clock + rtt, at.at(-1) + each)) {
    for (let sent = 0; sent < (rtt ? round : pieces) && at.length < pieces; sent++) at.push(clock + sent * each);
  }
  return at.map(Math.round);
}

function row(number, arrives, returns, trip = () => 80) {
  let count = 0;
  return Array.from({ length: number }, (_, index) => {
    const left = index * 40;
    if (!arrives(index)) return { left, back: null, count: 0 };
    count++;
    return { left, back: returns(index) ? left + trip(index) : null, count };
  });
}

const all = () => true;
console.log(
  JSON.stringify({
    rates: Object.fromEntries([64, 256, 512].map((kbps) => [kbps, rate(over(kbps, 28), 1100)])),
    far: rate(over(512, 48, 600), 1100),
    burst: rate([0, 0, 0, 0], 1100),
    few: [rate([], 1100), rate([0, 40], 1100)],
    clean: echoed(row(100, all, all)),
    up: echoed(row(100, (index) => index % 10 !== 0, all)),
    down: echoed(row(100, all, (index) => index % 5 !== 0)),
    restless: echoed(row(100, all, all, (index) => 80 + (index % 2) * 20)),
    silent: echoed(row(10, all, () => false)),
    verdicts: {
      good: judged(GOOD, NEEDS),
      slow: judged({ ...GOOD, up: 120 }, NEEDS),
      far: judged({ ...GOOD, rtt: 700 }, NEEDS),
      lossy: judged({ ...GOOD, lossUp: 8 }, NEEDS),
      thin: judged({ ...GOOD, down: 30 }, NEEDS),
      holes: judged({ ...GOOD, lossDown: 12 }, NEEDS),
      nothing: judged(NOTHING, NEEDS),
    },
    ways: [ways({}, true), ways({ udp: true }, false), ways({ udp: false, tls: true }, false), ways({ udp: false, tcp: false, tls: false }, false), ways({}, false)],
    transports: ["turn:a:3478", "turn:a:3478?transport=udp", "turn:a:443?transport=tcp", "turns:a:443?transport=tcp", "stun:a"].map(transport),
  }),
);
