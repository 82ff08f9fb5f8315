// Whether bytes of the other side are a picture of a kind and size that may be decoded: read from its own head, as a
// few hundred bytes can name a picture of a gigabyte.

export interface Size {
  wide: number;
  high: number;
}

export interface Limits {
  bytes: number;
  // Pixels of the longer side.
  side: number;
}

export type Kind = "image/webp" | "image/jpeg";

export function checked(bytes: Uint8Array, limits: Limits): { kind: Kind; size: Size } | null {
  if (bytes.length > limits.bytes || bytes.length < 30) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const webp = word(bytes, 0) === "RIFF" && word(bytes, 8) === "WEBP";
  const jpeg = view.getUint16(0) === 0xffd8;
  const size = webp ? sizeOfWebp(bytes, view) : jpeg ? sizeOfJpeg(view) : null;
  if (!size || size.wide < 1 || size.high < 1 || Math.max(size.wide, size.high) > limits.side) return null;
  return { kind: webp ? "image/webp" : "image/jpeg", size };
}

function word(bytes: Uint8Array, from: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + 4));
}

// Only what a canvas makes: one still picture, with or without a head of its own. Animations are refused.
function sizeOfWebp(bytes: Uint8Array, view: DataView): Size | null {
  const form = word(bytes, 12);
  if (form === "VP8 " && view.getUint16(23) === 0x9d01 && view.getUint8(25) === 0x2a) {
    return { wide: view.getUint16(26, true) & 0x3fff, high: view.getUint16(28, true) & 0x3fff };
  }
  if (form === "VP8L" && view.getUint8(20) === 0x2f) {
    const packed = view.getUint32(21, true);
    return { wide: (packed & 0x3fff) + 1, high: ((packed >>> 14) & 0x3fff) + 1 };
  }
  if (form !== "VP8X" || view.getUint8(20) & 0x02) return null;
  const long = (from: number) => view.getUint16(from, true) + (view.getUint8(from + 2) << 16) + 1;
  return { wide: long(24), high: long(27) };
}

// A decoder skips filling and marks without a length, so a head with any would be read as another size than it decodes.
function sizeOfJpeg(view: DataView): Size | null {
  for (let at = 2; at + 9 < view.byteLength; ) {
    const mark = view.getUint8(at + 1);
    const long = view.getUint16(at + 2);
    const bare = mark < 0xc0 || mark === 0xff || (mark >= 0xd0 && mark <= 0xd9);
    if (view.getUint8(at) !== 0xff || bare || long < 2) return null;
    const frame = mark <= 0xcf && mark !== 0xc4 && mark !== 0xc8 && mark !== 0xcc;
    if (frame) return { wide: view.getUint16(at + 7), high: view.getUint16(at + 5) };
    at += 2 + long;
  }
  return null;
}
