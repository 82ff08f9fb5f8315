// The kiosk's first page by ear: each language says its name in its own voice. While nobody is there the sounds of
// all languages are fetched, so that nobody waits for them later; after the first day they are all here already.

import { ALOUD } from "../kiosk/aloud";
import type { Reader } from "../kiosk/reader";

const QUIET_MS = 20_000;
const LINE_AFTER_MS = 4 * 60_000;

async function makeReader(): Promise<Reader> {
  // At once, for who is quick is at the next page before anything has come.
  for (const link of links) link.hash = ALOUD;
  const [{ Reader }, { Sounds }] = await Promise.all([import("../kiosk/reader"), import("../kiosk/sounds")]);
  const { sounds = "", chapters = "" } = button?.dataset ?? {};
  return new Reader(new Sounds(sounds, chapters.split(" ")), document.documentElement.lang);
}

async function fetchAll(): Promise<void> {
  for (const link of links) {
    for (const chapter of (button?.dataset["later"] ?? "").split(" ")) {
      const answer = await fetch(`${link.dataset["sounds"]}/${chapter}`, { credentials: "omit", priority: "low" });
      await answer.arrayBuffer();
    }
  }
}

const button = document.querySelector<HTMLElement>("[data-do=listen]");
const links = [...document.querySelectorAll<HTMLAnchorElement>("a.choice")];
let reader: Promise<Reader> | null = null;
if (button?.dataset["sounds"]) {
  button.hidden = false;
  button.addEventListener("click", () => void (reader ??= makeReader()).then((made) => made.page()));
  // Whoever goes by keys may not see the button.
  document.addEventListener("focusin", (event) => {
    const target = event.target;
    if (reader || !(target instanceof HTMLElement) || !target.matches(":focus-visible")) return;
    reader = makeReader();
    void reader.then((made) => made.say(document.activeElement ?? target));
  });
  setTimeout(() => void fetchAll().catch(() => undefined), QUIET_MS);
}

async function watchLine(kiosk: string): Promise<void> {
  const { LineWatch } = await import("../kiosk/line_watch");
  new LineWatch(kiosk).wait(0);
}

const { kiosk } = document.body.dataset;
if (kiosk) setTimeout(() => void watchLine(kiosk).catch(() => undefined), LINE_AFTER_MS * (1 + Math.random()));
