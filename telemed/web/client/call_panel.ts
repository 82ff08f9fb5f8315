// The call on the page, the same for kiosk and clinic: it brings templates/call/panel.html to life.

import { Call, type CallPass, type PeerMedia, type Role, type State } from "../../../signaling/client/call";
import { Beside } from "./call_beside";
import { part, show, write } from "./call_parts";
import { forgetCall, rememberCall, rememberedCall } from "./call_memory";
import { Rungs } from "./call_rungs";
import { OwnDevices } from "./own_tracks";
import { CallLog, type Telling } from "./quality";
import { SameBrowser } from "./same_browser";
import { openMedia, type Missing, type Wished } from "./stand_in";

export interface CallPanelOptions {
  role: Role;
  // Fetch what issue_pass answers; called at each join, so rights are checked each time.
  getPass: (nonceHash: string) => Promise<CallPass>;
  // An opaque name of the visit: the page that was in this call before a reload joins again by itself.
  key: string;
  // Words to use instead of those in the template, by their data-text name.
  texts?: Record<string, string>;
  // Open camera, socket and connection before anybody presses anything.
  early?: boolean;
  // The doctor has not admitted yet: connected in silence until admit().
  held?: boolean;
  autoJoin?: boolean;
  // kbit/s of the line, where a probe or an earlier call has measured it: the call begins with what it carries.
  kbit?: number | null;
  onState?: (state: State) => void;
  // The devices that were chosen on this computer.
  wished?: () => Wished;
  // Where the page tells how the call goes (docs/calls-rungs.md).
  tell?: Telling["post"];
}

export interface CallPanel {
  join(): Promise<void>;
  hangUp(): void;
  // Let the patient of this visit in; whether it is this call's visit.
  admit(visit: string): boolean;
  hold(): void; // Taken back: nothing goes out any more.
  // While nobody has said to be there, nothing of the room goes out and nothing is heard in it; it may be seen.
  pause(paused: boolean, seen?: boolean): void;
  // Take the call off the page: camera, socket, timers. A reload does this too and must come back, so the memory
  // of the call stays: forgetCall() when the person is gone.
  dispose(): void;
  readonly state: State;
  readonly devices: OwnDevices;
}

const BUSY: readonly State[] = ["joining", "waiting", "connecting", "held", "resting", "connected", "interrupted"];
const TALKING: readonly State[] = ["connected", "interrupted"];
const OVER: readonly State[] = ["visit_ended", "session_ended"];

export function mountCall(root: HTMLElement, options: CallPanelOptions): CallPanel {
  return new Panel(root.matches("[data-call]") ? root : part(root, "[data-call]"), options);
}

class Panel implements CallPanel {
  private readonly call: Call;
  private readonly rungs: Rungs;
  private readonly beside: Beside;
  private log: CallLog | null = null;
  private readonly pages = new SameBrowser();
  readonly devices: OwnDevices;
  private readonly remote: HTMLVideoElement;
  private readonly local: HTMLVideoElement;
  private microphone = true;
  private quiet = false;
  private peer: PeerMedia | undefined;
  private peerHungUp = false;
  private begun = false;
  private missing: Missing = { camera: false, microphone: false };

  constructor(private readonly root: HTMLElement, private readonly options: CallPanelOptions) {
    this.remote = part(root, "[data-call-remote]");
    this.local = part(root, "[data-call-local]");
    this.devices = new OwnDevices(this.remote, (kind) => this.renewed(kind));
    const label = root.hasAttribute("data-call-stand-in") ? this.text("demonstration_picture") : null;
    this.call = new Call({
      role: options.role,
      visit: options.key,
      held: options.held ?? false,
      getPass: options.getPass,
      media: async () => {
        const media = await openMedia(label, options.wished?.());
        this.missing = media.missing;
        this.devices.opened(media.stream);
        return media;
      },
      state: (state, peerHungUp) => this.turned(state, peerHungUp),
      local: (stream, drawn) => {
        root.toggleAttribute("data-call-drawn", drawn);
        root.toggleAttribute("data-call-ready", stream !== null);
        part(root, "[data-call-own]").hidden = stream === null;
        show(this.local, stream);
      },
      remote: (stream) => this.shown(stream),
      peerMedia: (media) => {
        this.peer = media;
        this.render();
      },
      leg: (leg) => {
        this.rungs.bind(leg);
        this.devices.bind(leg);
        this.beside.bind(leg);
      },
    });
    this.rungs = new Rungs(root, {
      channel: this.call.channel,
      known: options.kbit ?? null,
      inTurn: (run) => this.call.inTurn(run),
      camera: () => (this.showsCamera() ? this.local : null),
      text: (name) => this.text(name),
      seen: (second) => {
        if (TALKING.includes(this.state)) this.log?.seen(second);
      },
    });
    this.beside = new Beside(root, {
      channel: this.call.channel,
      role: options.role,
      caps: () => this.rungs.view.caps,
      camera: () => (this.showsCamera() ? this.local : null),
      text: (name) => this.text(name),
    });
    this.button("join").addEventListener("click", () => void this.join());
    this.button("mute").addEventListener("click", () => this.toggle());
    this.button("hang-up").addEventListener("click", () => this.hangUp());
    this.button("sound").addEventListener("click", () => void this.play());
    this.render();
    if (options.autoJoin || rememberedCall() === options.key) void this.join();
    else if (options.early) void this.call.prepare().catch(() => undefined);
  }

  get state(): State {
    return this.call.state;
  }

  async join(): Promise<void> {
    rememberCall(this.options.key);
    if (await this.pages.another()) {
      this.quiet = true;
      this.microphone = false;
    }
    this.hearAndSpeak();
    await this.call.join();
    this.render();
  }

  admit(visit: string): boolean {
    return this.call.admit(visit);
  }

  hold(): void {
    this.call.hold();
  }

  hangUp(): void {
    this.call.hangUp();
    this.button("join").focus();
  }

  pause(paused: boolean, seen = !paused): void {
    const own = this.local.srcObject;
    if (own instanceof MediaStream) for (const track of own.getVideoTracks()) track.enabled = seen;
    this.remote.muted = paused || this.quiet;
    this.call.setMicrophone(!paused && this.microphone);
  }

  dispose(): void {
    this.rungs.run(false);
    this.beside.run(false);
    void this.log?.end();
    this.call.dispose();
    this.pages.quit();
    this.pages.close();
  }

  // One log for each stay in the call; a call that is over tells what is left.
  private logged(state: State): void {
    const { tell } = this.options;
    if (TALKING.includes(state) && tell) this.log ??= new CallLog({ post: tell });
    if (BUSY.includes(state)) return;
    void this.log?.end();
    this.log = null;
  }

  private renewed(kind: string): void {
    this.missing[kind === "audio" ? "microphone" : "camera"] = false;
    this.call.setMicrophone(this.microphone);
    this.render();
  }

  private toggle(): void {
    this.microphone = !this.microphone;
    this.quiet = false;
    this.hearAndSpeak();
    this.render();
  }

  private hearAndSpeak(): void {
    this.remote.muted = this.quiet;
    this.call.setMicrophone(this.microphone);
  }

  private turned(state: State, peerHungUp: boolean): void {
    this.peerHungUp = peerHungUp;
    this.logged(state);
    if (!BUSY.includes(state)) {
      this.pages.quit();
      this.beside.clear();
      this.quiet = false;
      this.microphone = true;
      this.peer = undefined;
      if (state !== "failed") forgetCall();
    }
    this.rungs.run(TALKING.includes(state));
    this.beside.run(TALKING.includes(state));
    const stays = BUSY.includes(state) || this.options.role === "practitioner";
    this.begun = stays && (this.begun || state === "connected");
    this.render();
    this.options.onState?.(state);
  }

  // Paused tracks are black, and nobody needs a black picture.
  private showsCamera(): boolean {
    const own = this.local.srcObject;
    return own instanceof MediaStream && own.getVideoTracks().some((track) => track.enabled && track.readyState === "live");
  }

  private shown(stream: MediaStream | null): void {
    if (!stream) this.peer = undefined;
    show(this.remote, stream);
    if (stream) void this.play(false);
    this.render();
  }

  // A page that was reloaded may not sound until it is touched; then the button asks for the touch.
  private async play(touched = true): Promise<void> {
    this.button("sound").hidden = true;
    if (touched) this.remote.muted = this.quiet;
    try {
      await this.remote.play();
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "NotAllowedError") return;
      this.remote.muted = true;
      this.button("sound").hidden = false;
      void this.remote.play().catch(() => undefined);
    }
  }

  private render(): void {
    const state = this.call.state;
    const busy = BUSY.includes(state);
    this.root.dataset["callState"] = state;
    write(part(this.root, "[data-call-status]"), this.status(state));
    write(part(this.root, "[data-call-notice]"), busy ? this.notice() : "");
    const join = this.button("join");
    join.hidden = busy || OVER.includes(state);
    write(join, this.text(state === "idle" ? "join" : "join_again"));
    // Before the doctor admits there is nothing to hang up: the patient may say "not yet".
    const waits = !this.begun && (this.options.held || this.options.role === "patient");
    this.button("mute").hidden = !busy || waits;
    this.button("hang-up").hidden = !busy || (waits && this.options.role !== "patient");
    write(this.button("hang-up"), this.text(waits ? "not_yet" : "hang_up"));
    this.button("hang-up").classList.toggle("call__button--stop", !waits);
    const mute = this.quiet ? "all_on" : this.microphone ? "microphone_off" : "microphone_on";
    write(this.button("mute"), this.text(mute));
    const drawn = part(this.root, "[data-call-remote-drawn]");
    drawn.hidden = !(state === "connected" && this.peer?.drawn);
  }

  private status(state: State): string {
    if (state === "waiting" && this.peerHungUp && this.begun) return this.text("peer_hung_up");
    return this.text(state);
  }

  private notice(): string {
    const said: string[] = [];
    if (this.quiet) said.push(this.text("same_browser"));
    else if (!this.microphone) said.push(this.text("muted"));
    const { camera, why } = this.missing;
    if (camera) said.push(this.text(`camera_${why}`) || this.text(this.standIn() ? "stand_in" : "no_camera"));
    if (this.missing.microphone && !this.standIn()) said.push(this.text("no_microphone"));
    if (this.call.state === "connected" && this.peer && !this.peer.microphone) said.push(this.text("peer_muted"));
    return said.join(" ");
  }

  private standIn(): boolean {
    return this.root.hasAttribute("data-call-stand-in");
  }

  private text(name: string): string {
    const given = this.options.texts?.[name];
    return given ?? this.root.querySelector(`[data-text="${name}"]`)?.textContent?.trim() ?? "";
  }

  private button(name: string): HTMLButtonElement {
    return part(this.root, `[data-call-${name}]`);
  }
}
