// Pieces, pictures, descriptions and counts of a connection: prints for test_sent.py what the modules make of them.

import { Gauge } from "../../../signaling/client/gauge";
import { Gathered, cut, train } from "../../../signaling/client/pieces";
import { checked } from "../../../signaling/client/picture";
import { packed, started } from "../../../signaling/client/sending";
import { readHeard, readWish } from "../../../signaling/client/steering";
import { readWritten } from "../../../signaling/client/words";

const LIMITS = { bytes: 65_536, side: 1_280 };
const made = (length) => Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 5)) & 255);
const same = (one, other) => one !== null && one.length === other.length && one.every((byte, at) => byte === other[at]);

function arrives(pieces, spacing = 1) {
  const gathered = new Gathered(LIMITS.bytes);
  const taken = pieces.map((piece, index) => gathered.take(piece, index * spacing));
  return { bytes: taken.find(({ bytes }) => bytes)?.bytes ?? null, carried: taken.at(-1)?.carried ?? null };
}

// Of a train only these pieces come, each when the line lets it through.
function came(left) {
  const gathered = new Gathered(LIMITS.bytes);
  const pieces = train(1, 6);
  return left.map((part) => gathered.take(pieces[part], part * 137.5).carried).at(-1);
}

// Every size around the limits of a piece, each piece lost in turn, and in the opposite order.
function lossless() {
  const wrong = [];
  for (const size of [2, 3, 1099, 1100, 1101, 1800, 2199, 2200, 2201, 4001]) {
    const bytes = made(size);
    const pieces = cut(5, bytes, true);
    for (let lost = -1; lost < pieces.length; lost += 1) {
      const left = pieces.filter((_, part) => part !== lost);
      if (!same(arrives(left).bytes, bytes)) wrong.push([size, lost]);
      if (!same(arrives([...left].reverse()).bytes, bytes)) wrong.push([size, lost, "reversed"]);
    }
    if (pieces.some((piece) => piece.byteLength > 1_108)) wrong.push([size, "too long"]);
  }
  return wrong;
}

function nonsense() {
  const bytes = (...values) => Uint8Array.from(values).buffer;
  const much = Uint8Array.of(0, 1, 0, 0, 0x3f, 0xff, 1).buffer;
  const strange = ["text", null, new ArrayBuffer(0), new ArrayBuffer(6), new ArrayBuffer(9000), much, bytes(0, 1, 0, 9, 0, 2, 1), bytes(0, 1, 0, 0, 0, 0, 1)];
  return strange.map((piece) => arrives([piece]).bytes);
}

function older() {
  const gathered = new Gathered(LIMITS.bytes);
  const [late, young] = [cut(7, made(2000), true), cut(8, made(1500), true)];
  gathered.take(late[0], 0);
  young.forEach((piece) => gathered.take(piece, 1));
  return late.map((piece) => gathered.take(piece, 2).bytes);
}

const word = (text) => [...text].map((letter) => letter.charCodeAt(0));
function webp(wide, high) {
  const body = [...word("RIFF"), 0, 0, 0, 0, ...word("WEBPVP8 "), 0, 0, 0, 0, 0, 0, 0, 0x9d, 0x01, 0x2a];
  return Uint8Array.from([...body, wide & 255, wide >> 8, high & 255, high >> 8, ...Array(40).fill(0)]);
}
const jpeg = (wide, high) =>
  Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, high >> 8, high & 255, wide >> 8, wide & 255, ...Array(40).fill(0)]);
// What a decoder passes over, as filling or as a mark without a length, would hide its frame from whoever counts lengths.
const hiding = (...marks) => Uint8Array.from([0xff, 0xd8, 0xff, ...marks, 0xff, 0xc0, 0, 11, 8, 0x60, 0, 0x60, 0, ...Array(300).fill(0)]);
const decoy = (bytes) => {
  const long = (bytes[4] << 8) | bytes[5];
  const whole = new Uint8Array(LIMITS.bytes);
  whole.set(bytes);
  whole.set([0xff, 0xc0, 0, 11, 8, 0, 240, 1, 64], 4 + long);
  return whole;
};
const pictures = {
  filled: decoy(hiding(0xff, 0xe0, 0, 4, 0, 0)),
  bare: decoy(hiding(0x01, 0xff, 0xe0, 0, 4, 0, 0)),
  webp: webp(320, 240),
  jpeg: jpeg(320, 240),
  giant: webp(16_000, 16_000),
  wide_jpeg: jpeg(60_000, 10),
  empty: webp(0, 0),
  html: Uint8Array.from(word("<!doctype html><script>alert(1)</script>")),
  svg: Uint8Array.from(word('<svg xmlns="http://www.w3.org/2000/svg"></svg>')),
  cut_off: webp(320, 240).subarray(0, 20),
  long: new Uint8Array([...webp(320, 240), ...Array(70_000).fill(0)]),
};

const odd = [{}, { text: 7 }, { text: "  " }, { key: "constructor" }, { key: ["yes"] }, { key: null, text: null }];

const GOOG = "http://www.webrtc.org/experiments/";
const SDP = [
  ...["v=0", "m=audio 9 X 111 63 9", "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1", "a=rtpmap:63 red/48000/2"],
  ...["m=video 9 X 96 97 102", "a=extmap:1 urn:ietf:params:rtp-hdrext:toffset", "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid"],
  ...[`a=extmap:2 ${GOOG}rtp-hdrext/abs-send-time`, `a=extmap:3 ${GOOG}draft-holmer-rmcat-transport-wide-cc-extensions-01`],
  ...["a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 goog-remb", "a=rtcp-fb:96 transport-cc", "a=rtcp-fb:96 nack", "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96"],
  ...["a=rtpmap:102 H264/90000", "a=fmtp:102 packetization-mode=1", ""],
].join("\r\n");
const thin = packed(SDP, { bits: 16_000, red: true, packet: 60 });
const small = packed(SDP, { bits: 16_000, red: true, packet: 40, again: true });
const quiet = started(thin, 200, 60, true);

const stats = (at, more) =>
  new Map(
    [
      { id: "T", type: "transport", selectedCandidatePairId: "P", bytesSent: at * 1000, bytesReceived: at * 500, packetsSent: at * 10, packetsReceived: at * 5 },
      { id: "P", type: "candidate-pair", availableOutgoingBitrate: 120_000, currentRoundTripTime: 0.3, responsesReceived: at },
      { id: "A", type: "inbound-rtp", kind: "audio", packetsReceived: at * 50, packetsLost: at, jitterBufferEmittedCount: at * 48_000, jitterBufferDelay: at * 4_800, totalSamplesReceived: at * 48_000, concealedSamples: at * 2_400, silentConcealedSamples: 0 },
      { id: "V", type: "inbound-rtp", kind: "video", packetsReceived: at * 10, packetsLost: 0, framesDecoded: at * 8, totalFreezesDuration: 0 },
      { id: "O", type: "outbound-rtp", kind: "audio", packetsSent: at * 50 },
      { id: "R", type: "remote-inbound-rtp", localId: "O", kind: "audio", packetsLost: at * 5, timestamp: at, roundTripTime: 0.25, roundTripTimeMeasurements: at },
    ].map((row) => [row.id, { ...row, ...more?.[row.id] }]),
  );
async function looks(first, second) {
  const given = [first, second];
  const gauge = new Gauge({ getStats: async () => given.shift() });
  const before = await gauge.look(1000);
  return { before, look: await gauge.look(2000) };
}
const usual = await looks(stats(1), stats(2));
const silent = await looks(stats(1), stats(1));
// Seconds of film, of none, and of film again, whose first picture the browser counts as the end of one long freeze.
async function pause(seconds) {
  const gauge = new Gauge({ getStats: async () => given });
  const film = { packetsReceived: 10, framesDecoded: 8, totalFreezesDuration: 0 };
  const said = [];
  let given;
  for (let at = 0; at < seconds + 3; at += 1) {
    if (at === 1 || at > seconds + 1) for (const name of ["packetsReceived", "framesDecoded"]) film[name] += 8;
    if (at === seconds + 2) film.totalFreezesDuration = seconds;
    given = stats(at + 1, { V: film });
    said.push((await gauge.look((at + 1) * 1000))?.heard.frozen ?? null);
  }
  return said;
}
const stands = await looks(stats(1), stats(2, { V: { framesDecoded: 8 } }));

console.log(
  JSON.stringify({
    lossless: lossless(),
    nonsense: nonsense(),
    older: older(),
    carried: Math.round(arrives(train(1, 6), 137.5).carried),
    few: [[0, 5], [3, 4, 5], [0, 4, 5], [2, 4, 5], [0, 1, 2, 3, 4]].map((left) => came(left)),
    pictures: Object.fromEntries(Object.entries(pictures).map(([name, bytes]) => [name, checked(bytes, LIMITS)?.kind ?? null])),
    thin: thin.split("\r\n").filter((line) => /^m=audio|^a=ptime/.test(line)),
    small: small.split("\r\n").filter((line) => !SDP.includes(line)),
    back: packed(thin, { bits: 32_000, red: false, packet: 20 }) === SDP,
    quiet: quiet.split("\r\n").filter((line) => line.includes("x-google")),
    untimed: thin.split("\r\n").filter((line) => !quiet.includes(line)),
    again: started(quiet, 200, 60, true) === quiet,
    loud: started(quiet, 200, null, false).split("\r\n").filter((line) => line.includes("x-google")),
    apt: quiet.includes("a=fmtp:97 apt=96\r\n"),
    before: usual.before,
    look: usual.look,
    alive: silent.look.sample.alive,
    silent: [silent.look.sample.lost, silent.look.sample.rtt, silent.look.heard.waits, silent.look.heard.concealed],
    stands: stands.look.heard.frozen,
    paused: (await pause(4)).slice(1),
    broken: (await pause(2)).slice(1),
    wish: [readWish({ rung: "stills", why: "slow", hand: null }), readWish({ rung: "teleport" }), readWish({ rung: "audio", why: 7, hand: "moon" })],
    answers: ["practitioner", "patient"].map((reader) => readWritten({ key: "unheard" }, reader)),
    odd: odd.flatMap((body) => [readWritten(body, "practitioner"), readWritten(body, "patient")]),
    long: readWritten({ text: " x".repeat(5_000) }, "patient").text.length,
    heard: readHeard({ waits: -1, concealed: 7, frozen: "long", carried: 1e300 }),
  }),
);
