// What goes to the service at the end: the intake, the code of a slip, and that somebody waits at home.

import { submission } from "../steps/submission";
import type { Receipt } from "./memory";
import { fill, tell } from "./pages";
import type { Room } from "./part";

interface Refusal {
  code: string;
  step: string | null;
}

export async function send(room: Room): Promise<void> {
  const { rules, memory, screen, device } = room;
  const { id, at } = memory.letter();
  const body = submission(rules, memory.answers, screen.language, at, memory.takenAt, memory.helpers);
  const answer = await screen.patiently(() => device.fetch("PUT", `/api/v1/intakes/${id}`, body));
  if (answer.ok) {
    memory.receipt = (await answer.json()) as Receipt;
    const { kind, visit, call } = memory.receipt;
    memory.visit = kind.endsWith("now") ? visit : null;
    // Somebody should be called and nobody is on duty: the number first, then the slip.
    return room.show(call === "nobody" ? "emergency" : "booked", "push");
  }
  const { code, step } = (await answer.json()) as Refusal;
  if (step === "slot") memory.drop("slot");
  const field = rules.steps[step ?? ""]?.fields[0]?.name ?? step;
  if (step && field) return room.show(step, "push", [{ field, code }]);
  screen.main.querySelector<HTMLElement>("[data-refused]")?.toggleAttribute("hidden", false);
}

export async function arrive(room: Room): Promise<void> {
  const { memory, screen, device } = room;
  const code = memory.answers["code"] ?? "";
  const path = `/api/v1/arrivals?lang=${screen.language}`;
  const answer = await screen.patiently(() => device.fetch("POST", path, { code }));
  if (!answer.ok) {
    memory.drop("arrive");
    const refusal = (await answer.json().catch(() => ({}))) as Partial<Refusal>;
    const why = answer.status === 429 ? "too_often" : refusal.code?.startsWith("code_") ? refusal.code : "code_unknown";
    return tell(screen.main, [{ field: "code", code: why }]);
  }
  const came = (await answer.json()) as { visit: string | null; when: string };
  memory.visit = came.visit;
  memory.when = came.when;
  await room.show(came.visit ? "waiting" : "early", "push");
}

// The place in the queue stays; only this screen is given free.
export async function goHome(room: Room): Promise<void> {
  const { memory, screen, device } = room;
  const answer = await screen.patiently(() => device.fetch("POST", `/api/v1/visits/${memory.visit}/home`));
  const { token = "", code = "" } = (await answer.json().catch(() => ({}))) as Record<string, string>;
  if (answer.ok) {
    await room.show("home", "replace");
    return fill(screen.main, { token });
  }
  for (const said of screen.main.querySelectorAll<HTMLElement>("[data-stay]")) {
    said.hidden = said.dataset["stay"] !== code;
  }
}
