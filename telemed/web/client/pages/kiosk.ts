// Takes over the kiosk's forms. Until it runs, and wherever it cannot, they work as ordinary forms.

import { Devices } from "../kiosk/devices";
import { Again } from "../kiosk/again";
import { makeEasy } from "../kiosk/ease";
import { Help } from "../kiosk/help";
import { Kiosk } from "../kiosk/kiosk";
import { Later } from "../kiosk/later";
import { Listen } from "../kiosk/listen";
import { Timing } from "../kiosk/timing";
import { whole, type SentRules } from "../steps/rules";

async function takeOver(): Promise<void> {
  makeEasy();
  const { kiosk } = document.body.dataset;
  const answer = await fetch("/kiosk/pages/rules", { credentials: "omit" });
  if (!answer.ok || !kiosk) return;
  const room = new Kiosk(whole((await answer.json()) as SentRules), document.documentElement.lang, kiosk);
  const clerk = new Later(async () => new (await import("../kiosk/clerk")).ClerkDesk(room), "clerk");
  await room.use(new Help(room), new Again(room), new Devices(room), new Timing(), clerk, new Listen(room)).begin();
  document.documentElement.dataset["script"] = "on";
}

void takeOver();
