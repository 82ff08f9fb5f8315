// The clerk pairs each device once; afterwards this browser finds it again by itself.

import { bluetooth, uuid } from "../devices/bluetooth";
import { Device } from "../device";

const device = new Device(document.body.dataset["kiosk"] ?? "");
const radio = bluetooth();

function say(block: HTMLElement, what: string): void {
  for (const line of block.querySelectorAll<HTMLElement>("[data-when]")) {
    line.hidden = line.dataset["when"] !== what;
  }
}

async function pair(block: HTMLElement): Promise<void> {
  const { device: id = "", service = "", key = "" } = block.dataset;
  say(block, "choosing");
  try {
    const chosen = await radio?.requestDevice({ filters: [{ services: [uuid(service)] }] });
    if (!chosen) return say(block, "failed");
    await forget(key === chosen.id ? "" : key);
    const told = { name: chosen.name ?? "", key: chosen.id };
    const answer = await device.fetch("POST", `/api/v1/devices/${id}/paired`, told);
    if (answer.ok) block.dataset["key"] = chosen.id;
    say(block, answer.ok ? "paired" : "failed");
  } catch (error) {
    say(block, error instanceof DOMException && error.name === "NotFoundError" ? "unpaired" : "failed");
  }
}

// The device that stood here before is none of ours any more.
async function forget(key: string): Promise<void> {
  if (!key) return;
  const before = (await radio?.getDevices?.())?.find((each) => each.id === key);
  await before?.forget?.();
}

const able = Boolean(radio?.getDevices);
document.querySelector("[data-unable]")?.toggleAttribute("hidden", able);
for (const block of document.querySelectorAll<HTMLElement>("[data-device]")) {
  const button = block.querySelector("button");
  if (!button) continue;
  button.disabled = !able;
  button.addEventListener("click", () => void pair(block));
}
