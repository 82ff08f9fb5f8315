// What the patient takes away: the slip with its code, and the doctor's summary on paper.

import type { Receipt } from "./memory";
import { fill } from "./pages";
import type { Room } from "./part";

export function fillSlip(main: HTMLElement, receipt: Receipt): void {
  const { when, place, about, doctor, shown } = receipt;
  fill(main, { when, place, about, doctor, shown });
  for (const part of main.querySelectorAll<HTMLElement>("[data-fill=when]")) part.dataset["say"] = receipt.say;
  for (const part of main.querySelectorAll<HTMLElement>("[data-kind]")) {
    part.hidden = !part.dataset["kind"]?.split(" ").includes(receipt.kind);
  }
  main.querySelector("[data-call=nobody]")?.toggleAttribute("hidden", receipt.call !== "nobody");
  main.querySelector<HTMLImageElement>("[data-qr]")?.setAttribute("src", receipt.qr);
}

export async function offerPaper(main: HTMLElement, { device, memory, screen }: Room): Promise<void> {
  const asked = () => device.fetch("GET", `/api/v1/visits/${memory.visit}/summary`);
  const answer = await screen.patiently(asked);
  if (!answer.ok) return;
  const paper = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  main.querySelector("[data-paper]")?.replaceChildren(...paper.children);
}
