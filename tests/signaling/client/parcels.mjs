// A picture sent piece by piece over a channel that fails in every way: prints for test_parcels.py what came of it.

import { LEVELS } from "../../../signaling/client/levels";
import { Parcels, SIZES, gap, limits } from "../../../signaling/client/parcels";
import { cut } from "../../../signaling/client/pieces";
import { fitted, shrunk } from "../../../signaling/client/shrinking";

// No test waits for a thin line.
globalThis.setTimeout = (act) => setImmediate(act);
globalThis.clearTimeout = clearImmediate;
const ticks = async (count) => {
  for (let tick = 0; tick < count; tick += 1) await new Promise((go) => setImmediate(go));
};

const letters = (text) => [...text].map((letter) => letter.charCodeAt(0));
function webp(length, wide = 640, high = 480) {
  const head = [...letters("RIFF"), 0, 0, 0, 0, ...letters("WEBPVP8 "), 0, 0, 0, 0, 0, 0, 0, 0x9d, 0x01, 0x2a];
  const bytes = Uint8Array.from({ length }, (_, at) => (at * 31) & 255);
  bytes.set([...head, wide & 255, wide >> 8, high & 255, high >> 8]);
  return bytes;
}

// Carries to its other end what it has taken, at once or never.
class Wire {
  readyState = "open";
  bufferedAmount = 0;
  most = 0;
  sent = 0;
  other = null;
  constructor(stuck = false) {
    this.stuck = stuck;
  }
  send(piece) {
    this.sent += 1;
    if (this.stuck) this.bufferedAmount += piece.byteLength;
    else this.other?.onmessage?.({ data: piece });
    this.most = Math.max(this.most, this.bufferedAmount);
  }
}

function side(welcome = true, most = SIZES.shown.film) {
  const told = { got: [], bad: 0, coming: [], gone: [] };
  const parcels = new Parcels(most, {
    caps: () => LEVELS[0].caps,
    welcome: () => welcome,
    coming: (share) => told.coming.push(share),
    got: (picture) => told.got.push([picture.type, picture.size]),
    bad: () => (told.bad += 1),
    gone: (share) => told.gone.push(share),
  });
  return { parcels, told };
}

function joined(here, there, stuck = false) {
  const [one, other] = [new Wire(stuck), new Wire()];
  [one.other, other.other] = [other, one];
  there.parcels.carriedBy(other);
  here.parcels.carriedBy(one);
  return one;
}

async function sends(bytes, welcome = true) {
  const [doctor, kiosk] = [side(), side(welcome)];
  joined(doctor, kiosk);
  doctor.parcels.send(bytes);
  await ticks(300);
  return { ...kiosk.told, gone: doctor.told.gone };
}

async function lostOnTheWay() {
  const [doctor, kiosk] = [side(), side()];
  const first = joined(doctor, kiosk);
  doctor.parcels.send(webp(9_000));
  await ticks(2);
  first.readyState = "closed";
  doctor.parcels.carriedBy(null);
  kiosk.parcels.carriedBy(null);
  await ticks(5);
  joined(doctor, kiosk);
  await ticks(50);
  return kiosk.told.got;
}

async function stuck() {
  const [doctor, kiosk] = [side(), side()];
  const wire = joined(doctor, kiosk, true);
  doctor.parcels.send(webp(60_000));
  await ticks(100);
  const waiting = wire.most;
  wire.bufferedAmount = 0;
  doctor.parcels.stop();
  const { sent } = wire;
  await ticks(20);
  return { waiting, after: wire.sent - sent, gone: doctor.told.gone.includes(1) };
}

function comes(pieces) {
  const kiosk = side();
  const wire = new Wire();
  kiosk.parcels.carriedBy(wire);
  for (const piece of pieces) wire.onmessage({ data: piece });
  return kiosk.told;
}

function nonsense() {
  const bytes = (...values) => Uint8Array.from(values).buffer;
  const strange = [NaN, null, undefined, "RIFF", {}, new ArrayBuffer(0), new ArrayBuffer(6), new ArrayBuffer(65_536)];
  return comes([...strange, bytes(0, 1, 0, 9, 0, 2, 1), bytes(0, 1, 0, 0, 0, 0, 1), bytes(0, 2, 0, 0, 0x3f, 0xff, 1)]);
}

const whole = webp(5_000);
const pieces = cut(3, whole);
// As heavy as its pixels, and lighter the coarser it is.
const encode = (weight) => async (size, quality) => new Uint8Array(Math.round(size.wide * size.high * quality * weight));
const shrinks = async (weight) => (await shrunk({ wide: 4_000, high: 3_000 }, SIZES.shown.film, encode(weight)))?.length ?? null;

console.log(
  JSON.stringify({
    whole: await sends(webp(30_000)),
    unasked: await sends(webp(30_000), false),
    page: await sends(Uint8Array.from(letters(`<!doctype html>${" ".repeat(3_000)}`))),
    heavy: await sends(webp(200_000)),
    giant: await sends(webp(5_000, 16_000, 16_000)),
    lost: await lostOnTheWay(),
    stuck: await stuck(),
    disordered: comes([...pieces].reverse()).got,
    repeated: comes([...pieces, ...pieces, ...pieces]).got,
    partly: comes(pieces.slice(1)),
    nonsense: nonsense(),
    gaps: LEVELS.map(({ caps }) => gap(caps)),
    sides: LEVELS.map(({ caps }) => [limits("shown", caps).side, limits("sharp", caps).side]),
    fits: [fitted({ wide: 4_000, high: 3_000 }, 1_024), fitted({ wide: 30, high: 9_000 }, 640), fitted({ wide: 20, high: 10 }, 640)],
    shrunk: [await shrinks(0.1), await shrinks(0.9), await shrinks(50)],
    failed: await shrunk({ wide: 4, high: 3 }, SIZES.sharp.thin, async () => null),
  }),
);
