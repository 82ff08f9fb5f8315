// A sharp picture of the patient: the doctor asks, the kiosk counts down and lets the patient refuse, its camera takes all
// it can, and the doctor looks at it closely. It is kept nowhere.

import type { Limits } from "../../../signaling/client/picture";
import { drawn, shrunk } from "../../../signaling/client/shrinking";
import { bring, part, show } from "./call_parts";
import { painted, type Told } from "./call_pictures";
import { STANDS, Standstill } from "./standstill";

const COUNT = 5;
const SECOND = 1_000;
// A camera that changes to its full size takes a moment; after that a frame of its film must do.
const PHOTO_WITHIN = 4_000;
const ZOOMS = [100, 150, 200, 300];

// The doctor's side.
export class Asking {
  private readonly said: HTMLElement;
  private readonly bar: HTMLProgressElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly place: HTMLElement;
  private readonly dialog: HTMLDialogElement;
  private readonly standstill: Standstill;
  private zoom = 0;
  private turn = 0;
  // Only what was asked for may come.
  asked = false;

  constructor(private readonly root: HTMLElement, private readonly told: Told, stands = STANDS) {
    this.standstill = new Standstill(() => this.stuck(), stands);
    this.said = part(root, "[data-call-sharp-said]");
    this.bar = part(root, "[data-call-sharp-going]");
    this.canvas = part(root, "[data-call-sharp-canvas]");
    this.place = part(root, "[data-call-sharp-place]");
    this.dialog = part(root, "[data-call-sharp-dialog]");
    part(root, "[data-call-sharp-ask]").addEventListener("click", () => this.ask());
    part(root, "[data-call-sharp-stop]").addEventListener("click", () => this.takeBack());
    part(root, "[data-call-sharp-large]").addEventListener("click", () => this.large());
    for (const button of this.dialog.querySelectorAll<HTMLElement>("[data-zoom]")) {
      button.addEventListener("click", () => this.turnGlass(button.dataset["zoom"] ?? ""));
    }
    this.dialog.addEventListener("close", () => this.place.prepend(this.canvas));
    told.channel.on("sharp", ({ answer }) => this.asked && this.heard(answer));
  }

  coming(share: number): void {
    this.standstill.at(share);
    this.bar.hidden = false;
    this.bar.value = share;
  }

  async got(picture: Blob): Promise<void> {
    const turn = this.turn;
    this.asked = false;
    const seen = await painted(this.canvas, picture);
    if (turn !== this.turn) return this.wipe();
    this.look(seen ? "sharp_here" : "sharp_bad");
    this.place.hidden = !seen;
    if (seen) this.place.scrollIntoView({ block: "nearest" });
  }

  bad(): void {
    this.look("sharp_bad");
  }

  // Nobody is there any more who could send it; what was seen may be looked at while this page stays.
  over(): void {
    if (this.asked) this.look("sharp_broken");
  }

  private ask(): void {
    if (!this.told.channel.say("sharp", { ask: true })) return this.look("sharp_broken");
    this.turn += 1;
    this.wipe();
    this.look("sharp_asked");
    this.asked = true;
    this.standstill.begin();
    part(this.root, "[data-call-sharp-stop]").hidden = false;
    part(this.root, "[data-call-sharp-ask]").hidden = true;
  }

  private stuck(): void {
    this.takeBack();
    this.look("sharp_bad");
  }

  private takeBack(): void {
    this.told.channel.say("sharp", { ask: false });
    this.turn += 1;
    this.look("");
  }

  private heard(answer: unknown): void {
    if (answer === "not_now" || answer === "no_camera" || answer === "bad") this.look(`sharp_${answer}`);
    else if (answer === "coming") this.begins();
  }

  private begins(): void {
    this.standstill.begin();
    this.said.textContent = this.told.text("sharp_coming");
  }

  // Nothing is asked any more.
  private look(words: string): void {
    this.asked = false;
    this.standstill.end();
    this.bar.hidden = true;
    part(this.root, "[data-call-sharp-stop]").hidden = true;
    part(this.root, "[data-call-sharp-ask]").hidden = false;
    this.said.textContent = words && this.told.text(words);
  }

  private wipe(): void {
    this.dialog.close();
    this.place.hidden = true;
    this.canvas.width = 1;
  }

  private large(): void {
    this.zoom = 0;
    part(this.dialog, "[data-call-sharp-glass]").append(this.canvas);
    this.dialog.showModal();
    this.magnify();
  }

  private turnGlass(how: string): void {
    if (how === "close") return this.dialog.close();
    this.zoom = Math.min(ZOOMS.length - 1, Math.max(0, this.zoom + (how === "in" ? 1 : -1)));
    this.magnify();
  }

  // What is in the middle stays there.
  private magnify(): void {
    const glass = part(this.dialog, "[data-call-sharp-glass]");
    const middle = {
      x: (glass.scrollLeft + glass.clientWidth / 2) / glass.scrollWidth,
      y: (glass.scrollTop + glass.clientHeight / 2) / glass.scrollHeight,
    };
    glass.dataset["times"] = String(ZOOMS[this.zoom]);
    glass.scrollTo(
      middle.x * glass.scrollWidth - glass.clientWidth / 2,
      middle.y * glass.scrollHeight - glass.clientHeight / 2,
    );
  }
}

export interface Camera {
  // What the camera shows, or null when nothing may be seen.
  camera(): HTMLVideoElement | null;
  limits(): Limits;
}

// The kiosk's side.
export class Posing {
  private readonly place: HTMLElement;
  private readonly going: HTMLElement;
  private readonly count: HTMLElement;
  private readonly self: HTMLVideoElement;
  private timer: ReturnType<typeof setInterval> | undefined;
  private turn = 0;

  constructor(root: HTMLElement, private readonly told: Told, private readonly sight: Camera, talks: () => boolean) {
    this.place = part(root, "[data-call-sharp]");
    this.going = part(root, "[data-call-sharp-going]");
    this.count = part(this.place, "[data-call-count]");
    this.self = part(this.place, "video");
    part(this.place, "button").addEventListener("click", () => {
      this.over();
      this.answer("not_now");
    });
    told.channel.on("sharp", ({ ask }) => {
      if (ask === true && talks()) this.begin();
      else if (ask === false) this.over();
    });
  }

  gone(share: number): void {
    if (share === 1) this.going.hidden = true;
  }

  // Nothing is asked, nothing goes out.
  over(): void {
    this.turn += 1;
    this.told.parcels.stop();
    this.going.hidden = true;
    this.hide();
  }

  private begin(): void {
    this.over();
    const camera = this.sight.camera();
    if (!camera) return this.answer("no_camera");
    show(this.self, camera.srcObject as MediaStream);
    bring(this.place);
    let left = COUNT;
    this.count.textContent = String(left);
    this.timer = setInterval(() => {
      left -= 1;
      this.count.textContent = String(left);
      if (left === 0) void this.take();
    }, SECOND);
  }

  private async take(): Promise<void> {
    clearInterval(this.timer);
    const turn = this.turn;
    const camera = this.sight.camera();
    this.answer(camera ? "coming" : "no_camera");
    const bytes = camera && (await photographed(camera, this.sight.limits()));
    if (turn !== this.turn) return;
    this.hide();
    if (!camera) return;
    if (!bytes) return this.answer("bad");
    this.going.hidden = false;
    this.told.parcels.send(bytes);
  }

  private answer(answer: string): void {
    this.told.channel.say("sharp", { answer });
  }

  private hide(): void {
    clearInterval(this.timer);
    this.place.hidden = true;
    show(this.self, null);
  }
}

// All that the camera can, which is more than its film; where it can't be asked, a frame of the film.
async function photographed(camera: HTMLVideoElement, limits: Limits): Promise<Uint8Array | null> {
  const [track] = (camera.srcObject as MediaStream).getVideoTracks();
  const photo = track && "ImageCapture" in window ? await within(new ImageCapture(track).takePhoto()) : null;
  const bitmap = photo && (await createImageBitmap(photo).catch(() => null));
  const size = bitmap ? { wide: bitmap.width, high: bitmap.height } : { wide: camera.videoWidth, high: camera.videoHeight };
  const bytes = await shrunk(size, limits, drawn(bitmap ?? camera));
  bitmap?.close();
  return bytes;
}

function within(photo: Promise<Blob>): Promise<Blob | null> {
  const late = new Promise<null>((give) => setTimeout(() => give(null), PHOTO_WITHIN));
  return Promise.race([photo.catch(() => null), late]);
}
