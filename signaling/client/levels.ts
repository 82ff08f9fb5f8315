// What may be sent on each step of the ladder, from the best to the last; numbers only, the steps are taken in ladder.ts.

// From the best to the last; the two last are proposed here and done elsewhere (telephone, written answer).
export const RUNGS = ["video", "stills", "audio", "phone", "written"] as const;
export type Rung = (typeof RUNGS)[number];

export interface Caps {
  video: { bits: number; frames: number; shrink: number } | null;
  // `packet` is in milliseconds; `red`: each packet repeats the one before, else Opus' own repair is used; `again`: what
  // was lost all the same is sent once more, and is waited for.
  audio: { bits: number; red: boolean; packet: number; again?: boolean } | null;
  // Milliseconds between two pictures.
  stills: number | null;
}

// kbit/s beyond which the browser shall not feel its way: it does so in packets of nothing, and on a thin line the speech
// waits behind them. Null: as far as it finds.
export function ceiling({ video }: Caps): number | null {
  if (!video) return 60;
  return video.shrink > 1 ? 90 : null;
}

export interface Level {
  rung: Rung;
  // kbit/s: below `floor` it can't stay, from `need` on it may begin.
  floor: number;
  need: number;
  caps: Caps;
}

// docs/decisions tells how these numbers were found, tests/netlab measures them.
export const LEVELS: readonly Level[] = [
  {
    rung: "video",
    floor: 250,
    need: 600,
    caps: { video: { bits: 600_000, frames: 20, shrink: 1 }, audio: { bits: 32_000, red: false, packet: 20 }, stills: null },
  },
  {
    rung: "video",
    floor: 110,
    need: 250,
    caps: { video: { bits: 150_000, frames: 15, shrink: 1 }, audio: { bits: 32_000, red: false, packet: 40 }, stills: null },
  },
  {
    rung: "video",
    floor: 52,
    need: 105,
    caps: {
      video: { bits: 36_000, frames: 6, shrink: 2 },
      audio: { bits: 16_000, red: true, packet: 40, again: true },
      stills: null,
    },
  },
  {
    rung: "stills",
    floor: 46,
    need: 54,
    caps: { video: null, audio: { bits: 16_000, red: true, packet: 60 }, stills: 4000 },
  },
  {
    rung: "stills",
    floor: 38,
    need: 42,
    caps: { video: null, audio: { bits: 12_000, red: true, packet: 60 }, stills: 4000 },
  },
  {
    rung: "audio",
    floor: 0,
    need: 0,
    caps: { video: null, audio: { bits: 16_000, red: false, packet: 60 }, stills: null },
  },
];
