// Lets the doctor choose camera, microphone and speaker, also during a call; brings templates/call/devices.html to life.

import type { CallPanel } from "./call_panel";
import { choose, chosen, KINDS, trouble, type Part } from "./device_choice";

export class DevicePicker {
  private readonly said: HTMLElement | null;

  constructor(private readonly root: HTMLElement, private readonly panel: CallPanel) {
    this.said = root.querySelector("[data-devices-said]");
    root.hidden = !navigator.mediaDevices;
    if (root.hidden) return;
    root.addEventListener("toggle", () => void this.list().then(() => root.scrollIntoView({ block: "nearest" })));
    navigator.mediaDevices.addEventListener("devicechange", () => void this.list());
    for (const select of this.selects()) select.addEventListener("change", () => void this.use(select));
    const speaker = chosen().speaker;
    if (speaker) void this.panel.devices.soundFrom(speaker).catch(() => undefined);
  }

  private selects(): HTMLSelectElement[] {
    return [...this.root.querySelectorAll<HTMLSelectElement>("select[data-device]")];
  }

  // The names of the devices are shown here and leave this page for nowhere.
  private async list(): Promise<void> {
    const found = await navigator.mediaDevices.enumerateDevices();
    for (const select of this.selects()) {
      const part = meant(select);
      const here = found.filter((each) => each.kind === KINDS[part] && each.deviceId !== "");
      const usable = here.length > 0 && (part !== "speaker" || "setSinkId" in HTMLMediaElement.prototype);
      select.closest<HTMLElement>("[data-device-row]")?.toggleAttribute("hidden", !usable);
      const used = this.panel.devices.of(part) ?? chosen()[part] ?? "";
      select.replaceChildren(
        ...here.map(
          (each, place) =>
            new Option(each.label || `${select.labels[0]?.textContent ?? ""} ${place + 1}`, each.deviceId, false, each.deviceId === used),
        ),
      );
    }
  }

  private async use(select: HTMLSelectElement): Promise<void> {
    const part = meant(select);
    this.say("");
    try {
      if (part === "speaker") await this.panel.devices.soundFrom(select.value);
      else await this.panel.devices.use(await opened(part, select.value));
      choose(part, select.value);
    } catch (error) {
      this.say(trouble(error));
      await this.list();
    }
  }

  private say(name: string): void {
    if (!this.said) return;
    this.said.textContent = name && (this.root.querySelector(`[data-text="device_${name}"]`)?.textContent ?? "");
    this.said.hidden = name === "";
  }
}

function meant(select: HTMLSelectElement): Part {
  const part = select.dataset["device"] ?? "";
  if (!(part in KINDS)) throw new Error(`no such device: ${part}`);
  return part as Part;
}

async function opened(part: "camera" | "microphone", id: string): Promise<MediaStreamTrack> {
  const device = { deviceId: { exact: id } };
  const wish = part === "camera" ? { video: device } : { audio: { ...device, echoCancellation: true, noiseSuppression: true } };
  const [track] = (await navigator.mediaDevices.getUserMedia(wish)).getTracks();
  if (!track) throw new DOMException("no track", "NotFoundError");
  return track;
}
