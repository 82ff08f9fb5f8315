// Takes over the kiosk's forms. Until it runs, and wherever it cannot, they work as ordinary forms.

import { makeEasy } from "../kiosk/ease";
import type { Further } from "../kiosk/further";
import { Help } from "../kiosk/help";
import { Kiosk } from "../kiosk/kiosk";
import { Later } from "../kiosk/later";
import { Listen } from "../kiosk/listen";
import type { Room } from "../kiosk/part";
import { whole, type SentRules } from "../steps/rules";

// For kiosk/further.ts, which is a file of its own: build.mjs says when something is missing here.
export { forgetCall, rememberCall, rememberedCall } from "../call_memory";
export { isFresh } from "../kiosk/idle_rules";
export { bringKeys } from "../kiosk/keys";
export { fill, tell } from "../kiosk/pages";
export { typed } from "../kiosk/typed";
export { uuid7 } from "../kiosk/uuid7";
export { birthDate, GIVEN, isSign, path, problems, today } from "../steps/evaluate";
export { birthDateOf, mobileNumber, telephoneNumber } from "../steps/identity";
export { DEVICE, readings } from "../steps/told";

async function takeOver(): Promise<void> {
  makeEasy();
  const { kiosk } = document.body.dataset;
  const answer = await fetch("/kiosk/pages/rules", { credentials: "omit" });
  if (!answer.ok || !kiosk) return;
  const rules = whole((await answer.json()) as SentRules);
  const room = new Kiosk(rules, document.documentElement.lang, kiosk, further);
  const clerk = new Later(async () => new (await import("../kiosk/clerk")).ClerkDesk(room), "clerk");
  await room.use(new Help(room), clerk, new Listen(room)).begin();
  document.documentElement.dataset["script"] = "on";
}

async function further(room: Room): Promise<Further> {
  const address = document.body.dataset["further"] ?? "";
  const come = () => import(address) as Promise<typeof import("../kiosk/further")>;
  return new (await room.screen.patiently(come)).Further(room);
}

void takeOver();
