// A picture cut into pieces small enough for a thin line, and put together again; no I/O but the outlet's.
// docs/protocol.md specifies a piece: three numbers of 16 bits (which picture, which piece, of how many), then bytes.

export const PIECE = 1_100;
const HEAD = 6;
// Set in the third number: the last piece repeats the others in one, so that any one may be lost.
const SPARE = 0x8000;
// A picture of nothing: only how fast its pieces come out is of interest.
const NOTHING = 0x4000;
const COUNT = 0x3fff;

export function cut(number: number, bytes: Uint8Array, spare = false, most = PIECE): ArrayBuffer[] {
  const parts = Math.max(spare ? 2 : 1, Math.ceil(bytes.length / most));
  const size = Math.ceil(bytes.length / parts);
  const bodies = Array.from({ length: parts }, (_, part) => bytes.subarray(part * size, (part + 1) * size));
  // The spare one begins with the length of the last, which may be shorter than the rest.
  if (spare) bodies.push(repeated(bodies, size));
  return bodies.map((body, part) => piece(number, part, parts | (spare ? SPARE : 0), body));
}

// So many pieces of nothing, to see how fast a line takes them.
export function train(number: number, parts: number): ArrayBuffer[] {
  const body = new Uint8Array(PIECE);
  return Array.from({ length: parts }, (_, part) => piece(number, part, parts | NOTHING, body));
}

function piece(number: number, part: number, parts: number, body: Uint8Array): ArrayBuffer {
  const whole = new Uint8Array(HEAD + body.length);
  const head = new DataView(whole.buffer);
  head.setUint16(0, number);
  head.setUint16(2, part);
  head.setUint16(4, parts);
  whole.set(body, HEAD);
  return whole.buffer;
}

function repeated(bodies: readonly Uint8Array[], size: number): Uint8Array {
  const spare = new Uint8Array(2 + size);
  new DataView(spare.buffer).setUint16(0, bodies.at(-1)?.length ?? 0);
  for (const body of bodies) body.forEach((byte, index) => (spare[2 + index] = (spare[2 + index] ?? 0) ^ byte));
  return spare;
}

export interface Taken {
  // The whole picture, once.
  bytes: Uint8Array<ArrayBuffer> | null;
  // kbit/s between the first piece and the last; null while that can't be said.
  carried: number | null;
}

const NONE: Taken = { bytes: null, carried: null };

// Puts one picture together, in whatever order its pieces come; a newer one drops what is unfinished.
export class Gathered {
  private number = -1;
  private parts = 0;
  private pieces = new Map<number, Uint8Array>();
  private done = true;
  private first = { at: 0, part: 0 };

  constructor(private readonly most: number) {}

  // The share that is there, 0 to 1.
  get share(): number {
    return this.done ? 1 : this.pieces.size / (this.parts & COUNT);
  }

  // Whether this is a train: pieces of nothing.
  get empty(): boolean {
    return (this.parts & NOTHING) !== 0;
  }

  take(message: unknown, at: number): Taken {
    if (!(message instanceof ArrayBuffer)) return NONE;
    if (message.byteLength <= HEAD || message.byteLength > HEAD + PIECE + 2) return NONE;
    const head = new DataView(message);
    const [number, part, parts] = [head.getUint16(0), head.getUint16(2), head.getUint16(4)];
    if (number !== this.number && !this.begin(number, part, parts, at)) return NONE;
    if (parts !== this.parts || part >= (parts & COUNT) + (parts & SPARE ? 1 : 0)) return NONE;
    this.pieces.set(part, new Uint8Array(message, HEAD));
    const last = part === (parts & COUNT) - (parts & SPARE ? 0 : 1);
    return { bytes: this.whole(), carried: last && this.tells(part) ? this.rate(part, at) : null };
  }

  private begin(number: number, part: number, parts: number, at: number): boolean {
    const count = parts & COUNT;
    const older = this.number >= 0 && ((this.number - number) & 0xffff) < 0x100;
    if (older || count < 1 || (count - 1) * PIECE > this.most) return false;
    [this.number, this.parts, this.done] = [number, parts, (parts & NOTHING) !== 0];
    this.pieces = new Map();
    this.first = { at, part };
    return true;
  }

  // Of two or three pieces that come at once nobody knows how long the line took for them.
  private tells(part: number): boolean {
    return this.pieces.size > 2 && (part - this.first.part) * 2 > (this.parts & COUNT) - 1;
  }

  // What was lost on the way took its time on the line, too.
  private rate(part: number, at: number): number {
    return ((part - this.first.part) * PIECE * 8) / Math.max(1, at - this.first.at);
  }

  private whole(): Uint8Array<ArrayBuffer> | null {
    const count = this.parts & COUNT;
    if (this.done || this.pieces.size < count) return null;
    const missing = Array.from({ length: count }, (_, part) => part).find((part) => !this.pieces.has(part));
    if (missing !== undefined) this.pieces.set(missing, this.restored(missing, count));
    this.done = true;
    const bodies = Array.from({ length: count }, (_, part) => this.pieces.get(part) ?? new Uint8Array());
    const bytes = new Uint8Array(bodies.reduce((sum, body) => sum + body.length, 0));
    bodies.reduce((from, body) => (bytes.set(body, from), from + body.length), 0);
    return bytes;
  }

  private restored(missing: number, count: number): Uint8Array {
    const sent = this.pieces.get(count);
    const spare = sent && sent.length >= 2 ? sent : new Uint8Array(2);
    const body = spare.slice(2);
    for (const [part, other] of this.pieces) {
      if (part < count) other.forEach((byte, index) => (body[index] = (body[index] ?? 0) ^ byte));
    }
    const last = new DataView(spare.buffer, spare.byteOffset).getUint16(0);
    return missing === count - 1 ? body.subarray(0, last) : body;
  }
}

export interface Outlet {
  readonly readyState: RTCDataChannelState;
  readonly bufferedAmount: number;
  send(piece: ArrayBuffer): void;
}

// What waits to go out, one picture at a time; a newer one takes the place of what has not begun or is half done.
export class Outgoing {
  private waiting: ArrayBuffer[] = [];
  private all = 0;
  private number = 0;

  constructor(
    private readonly outlet: Outlet,
    private readonly ahead: number,
  ) {}

  // The share that has gone out, 0 to 1.
  get share(): number {
    return this.all ? 1 - this.waiting.length / this.all : 1;
  }

  put(pieces: (number: number) => ArrayBuffer[]): void {
    this.number = (this.number + 1) & 0xffff;
    this.waiting = pieces(this.number);
    this.all = this.waiting.length;
  }

  // So many pieces, as far as the channel holds no more than it may; to be called again later.
  pump(most = Infinity): void {
    const { outlet } = this;
    for (let sent = 0; sent < most && outlet.readyState === "open" && outlet.bufferedAmount <= this.ahead; sent += 1) {
      const next = this.waiting.shift();
      if (!next) return;
      outlet.send(next);
    }
  }

  drop(): void {
    this.waiting = [];
  }
}
