// One side of a call: ready before anybody presses, silent until the doctor admits, back after every break.
// Hanging up frees the seat and the camera; it does not end the visit, and join() comes back.

import { Admission } from "./admission";
import { Channel } from "./channel";
import { Leg } from "./leg";
import { Negotiation, type Maker } from "./negotiation";
import type { CallOptions, State } from "./options";
import { Patience } from "./patience";
import { newName, readPeerMedia, type CallPass, type Joined, type PeerMedia } from "./protocol";
import type { Refusal, Role, Signal } from "./protocol";
import { Readiness } from "./readiness";
import { Watchdog } from "./watchdog";
import type { WireEvents } from "./wire";

const WORD_TRAVELS = 500; // closing at once would take the word back

export class Call {
  state: State = "idle";
  // What the two pages say to each other directly; a word has one hearer.
  readonly channel = new Channel();
  private readonly admission: Admission;
  private readonly negotiation: Negotiation;
  private prepared: Promise<Readiness> | undefined;
  private ready: Readiness | undefined;
  private seated = false;
  private microphone = true;
  private unsent: Signal[] = [];
  private readonly patience = new Patience(() => this.rest());
  // Counts releases: what was still being prepared when somebody hung up must not come to life afterwards.
  private turns = 0;
  private steps: Promise<void> = Promise.resolve();
  private readonly watchdog = new Watchdog({
    trouble: (networkChanged) => void this.trouble(networkChanged),
    well: () => this.negotiation.recovered() && this.flows(),
  });

  constructor(private readonly options: CallOptions) {
    const open = options.role === "practitioner" && !options.held;
    this.admission = new Admission(options.role, options.visit, open, this.channel, () => void this.admitted());
    this.negotiation = new Negotiation(options.role, this.maker());
    this.channel.on("media", (said) => this.options.peerMedia(readPeerMedia(said)));
    this.channel.on("rest", () => this.letGo());
  }

  // Everything that may be done before the click: pass, open socket, camera, gathered candidates.
  prepare(): Promise<void> {
    const turn = this.turns;
    this.prepared ??= this.getReady().catch((error: unknown) => {
      if (turn === this.turns) this.prepared = undefined;
      throw error;
    });
    return this.prepared.then(() => undefined);
  }

  async join(): Promise<void> {
    if (this.seated || this.state === "joining") return;
    this.turn("joining");
    const turn = this.turns;
    try {
      await this.prepare();
      const ready = this.ready;
      if (ready?.stale) await ready.renew().then(() => this.offerFirst());
      if (!ready || turn !== this.turns) return;
      const offer = this.leg?.pending;
      ready.wire.join({ pass: ready.token, nonce: ready.nonce, page: newName(), ...(offer && { offer }) });
    } catch {
      if (turn !== this.turns) return;
      this.release();
      this.turn("failed");
    }
  }

  // The doctor lets the patient of this visit in; for any other visit it does nothing and says so.
  admit(visit: string): boolean {
    if (this.options.role !== "practitioner" || visit !== this.options.visit) return false;
    this.admission.admit();
    if (this.seated && !this.leg) this.send({ kind: "restart", leg: newName() });
    return true;
  }

  // Take an agreement back, on either side: nothing goes out any more, the connection stays.
  hold(): void {
    this.channel.say("not_yet", { visit: this.options.visit });
    this.admission.close();
  }

  hangUp(): void {
    this.ready?.wire.hangUp();
    this.release();
    this.turn("hung_up");
  }

  setMicrophone(on: boolean): void {
    this.microphone = on;
    this.tellMedia();
  }

  // Leave the page's hands empty: no camera, no seat, no timers.
  dispose(): void {
    this.ready?.wire.hangUp();
    this.release();
    this.watchdog.stop();
  }

  // New relay addresses for what is made or restarted now; without an answer the old ones may still do.
  private async refresh(): Promise<void> {
    await this.ready?.renewRelays().catch(() => undefined);
    if (this.ready) this.leg?.lean(this.ready.relays);
  }

  private get leg(): Leg | undefined {
    return this.negotiation.leg;
  }

  private async getReady(): Promise<Readiness> {
    const turn = this.turns;
    const ready = await Readiness.get(this.options, this.wired(), () => turn === this.turns);
    this.ready = ready;
    this.options.local(ready.stream, ready.drawn);
    this.tellMedia();
    await this.offerFirst();
    return ready;
  }

  private async offerFirst(): Promise<void> {
    if (this.options.role === "patient") await this.open(newName()).offer();
  }

  private wired(): WireEvents {
    return {
      joined: (body) => this.step(() => this.joined(body)),
      peer: (body) => this.step(() => this.negotiation.met(body)),
      signal: (body) => this.step(() => this.negotiation.heard(body)),
      refused: (why) => void this.refused(why),
      ended: (why) => {
        this.release();
        this.turn(why);
      },
      line: () => undefined,
      pending: () => this.leg?.pending,
    };
  }

  private maker(): Maker {
    return {
      open: (name) => this.open(name),
      close: () => this.drop(),
      refresh: () => this.refresh(),
      say: (body) => this.send(body),
      admits: () => this.admission.carried,
      admitted: (visit) => this.admission.asked(visit),
      left: () => this.admission.left(),
      turn: (state, peerHungUp) => this.turn(state, peerHungUp),
    };
  }

  // Do something to the connection in order with every other step of the negotiation.
  inTurn(run: () => Promise<void>): Promise<void> {
    return new Promise((resolve) => this.step(() => run().finally(resolve)));
  }

  // Steps run one after another: an answer must not overtake the offer it belongs to.
  private step(run: () => Promise<void> | void): void {
    this.steps = this.steps.then(run).catch(() => this.turn("interrupted"));
  }

  private async joined(body: Joined): Promise<void> {
    this.seated = true;
    for (const signal of this.unsent.splice(0)) if (signal.leg === this.leg?.name) this.send(signal);
    await this.negotiation.joined(body);
  }

  private open(name: string): Leg {
    this.drop();
    const ready = this.ready;
    if (!ready) throw new Error("not prepared");
    const hidden = ready.relayed && !this.admission.open;
    const leg: Leg = new Leg(name, ready.relays, this.options.role === "patient", hidden, {
      signal: (body) => this.send(body),
      state: (state) => leg === this.leg && this.changed(state),
      remote: () => leg === this.leg && this.showPeer(),
      open: () => leg === this.leg && this.opened(),
    });
    this.negotiation.leg = leg;
    this.negotiation.resting = false;
    this.channel.carriedBy(leg.channel);
    this.watchdog.watch(leg.pc);
    this.options.leg?.(leg);
    if (this.admission.open) void leg.send(ready.stream);
    return leg;
  }

  private drop(): void {
    this.watchdog.watch(undefined);
    const leg = this.leg;
    if (!leg) return;
    this.options.leg?.(null);
    this.options.remote(null);
    leg.close();
    this.negotiation.leg = undefined;
  }

  private opened(): void {
    this.tellMedia();
    this.admission.sayAgain();
  }

  private changed(state: RTCPeerConnectionState): void {
    if (state === "connected") this.flows();
    else if (state === "disconnected" || state === "failed") this.turn("interrupted");
  }

  // The doctor has admitted, or somebody took it back.
  private async admitted(): Promise<void> {
    this.showPeer();
    // That nobody is seen or heard is said once nothing goes out any more.
    await this.leg?.send(this.admission.open ? (this.ready?.stream ?? null) : null);
    if (this.negotiation.flowing || this.state === "interrupted") this.flows();
    // A running call stays on its way; the next restart may find a direct one.
    if (this.admission.open) this.leg?.show();
  }

  private showPeer(): void {
    this.options.remote(this.admission.open ? (this.leg?.incoming ?? null) : null);
  }

  private flows(): void {
    this.turn(this.admission.open ? "connected" : "held");
  }

  // Nobody admitted for long: the relay's places are given back, the seats stay.
  private rest(): void {
    const leg = this.leg;
    this.channel.say("rest");
    setTimeout(() => leg === this.leg && this.letGo(), WORD_TRAVELS);
  }

  private letGo(): void {
    if (this.admission.open || !this.leg) return;
    this.drop();
    this.negotiation.resting = true;
    this.turn("resting");
  }

  // Signaling first, media second: an offer into a dead socket would be lost.
  private async trouble(networkChanged: boolean): Promise<void> {
    if (!this.seated || !this.ready) return;
    if (this.state === "connected") this.turn("interrupted");
    this.negotiation.lost(networkChanged);
    if (networkChanged) this.ready.wire.reopen();
    else if (await this.ready.wire.probe()) this.step(() => this.negotiation.restartIfNeeded());
  }

  private async refused(why: Refusal): Promise<void> {
    const ready = this.ready;
    if (why === "expired" && ready && !this.seated) {
      this.ready = undefined;
      ready.wire.shut();
      this.release();
      return this.join();
    }
    if (!this.seated || why === "expired" || why === "forged") {
      ready?.wire.shut();
      this.release();
      this.turn(why === "too_many" ? "too_many" : "failed");
    }
  }

  private release(): void {
    this.turns += 1;
    this.drop();
    this.ready?.stop();
    // A doctor's agreement holds until it is taken back; a patient's side waits to be admitted again.
    if (this.options.role === "patient") this.admission.close();
    this.prepared = this.ready = undefined;
    this.negotiation.forget();
    this.seated = false;
    this.unsent = [];
    this.options.local(null, false);
    this.options.remote(null);
  }

  private send(body: Signal): void {
    if (this.seated) this.ready?.wire.signal(body);
    else if (body.kind === "candidates") this.unsent.push(body);
  }

  private tellMedia(): void {
    if (this.ready) this.channel.say("media", { ...this.ready.speaks(this.microphone) });
  }

  private turn(state: State, peerHungUp = false): void {
    this.state = state === "interrupted" && !this.admission.open ? "connecting" : state;
    this.patience.turned(state === "held");
    this.options.state(this.state, peerHungUp);
  }
}

export type { CallPass, PeerMedia, Role, State };
