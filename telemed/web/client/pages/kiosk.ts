// Takes over the kiosk's forms. Until it runs, and wherever it cannot, they work as ordinary forms.

import { Again } from "../kiosk/again";
import { ClerkDesk } from "../kiosk/clerk";
import { Devices } from "../kiosk/devices";
import { makeEasy } from "../kiosk/ease";
import { Help } from "../kiosk/help";
import { Kiosk } from "../kiosk/kiosk";
import { Listen } from "../kiosk/listen";
import { Timing } from "../kiosk/timing";
import type { Rules } from "../steps/rules";

async function takeOver(): Promise<void> {
  makeEasy();
  const { kiosk } = document.body.dataset;
  const answer = await fetch("/kiosk/pages/rules", { credentials: "omit" });
  if (!answer.ok || !kiosk) return;
  const rules = (await answer.json()) as Rules;
  const room = new Kiosk(rules, document.documentElement.lang, kiosk);
  await room.use(new Help(room), new Again(room), new Devices(room), new Timing(), new ClerkDesk(room), new Listen(room)).begin();
  document.documentElement.dataset["script"] = "on";
}

void takeOver();
