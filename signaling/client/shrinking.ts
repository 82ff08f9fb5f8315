// Makes a picture small enough for the line. It is drawn anew, so nothing is left in it of where and when it was taken.

import type { Limits, Size } from "./picture";
import { taken } from "./stills";

const QUALITIES = [0.8, 0.65, 0.5, 0.35];
const SMALLER = 0.75;
const ROUNDS = 5;

export type Encode = (size: Size, quality: number) => Promise<Uint8Array | null>;

// As large as fits, never larger than it was.
export function fitted(size: Size, side: number): Size {
  const share = Math.min(1, side / Math.max(size.wide, size.high));
  const pixels = (length: number) => Math.max(1, Math.round(length * share));
  return { wide: pixels(size.wide), high: pixels(size.high) };
}

// First coarser, then smaller, until it weighs no more than it may; null where nothing helps.
export async function shrunk(size: Size, limits: Limits, encode: Encode): Promise<Uint8Array | null> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const now = fitted(size, limits.side * SMALLER ** round);
    for (const quality of QUALITIES) {
      const bytes = await encode(now, quality);
      if (!bytes) return null;
      if (bytes.length <= limits.bytes) return bytes;
    }
  }
  return null;
}

export function drawn(source: CanvasImageSource): Encode {
  const canvas = document.createElement("canvas");
  return (size, quality) => {
    [canvas.width, canvas.height] = [size.wide, size.high];
    const pen = canvas.getContext("2d");
    if (!pen) return Promise.resolve(null);
    // What is transparent becomes paper, not night.
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, size.wide, size.high);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(source, 0, 0, size.wide, size.high);
    return taken(canvas, quality);
  };
}
