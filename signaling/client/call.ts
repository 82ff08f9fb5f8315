// One side of a call. The patient's side offers and restarts; the practitioner's side only answers.
// Hanging up frees the seat and the camera; it does not end the visit, and join() comes back.

import { Leg } from "./leg";
import type { CallOptions, State } from "./options";
import { hashed, newName, readPeerMedia } from "./protocol";
import type { CallPass, Joined, Peer, PeerMedia, Refusal, Role, Signal } from "./protocol";
import { Watchdog } from "./watchdog";
import { Wire } from "./wire";

const PASS_IS_FRESH = 90_000;

interface Prepared {
  pass: CallPass;
  nonce: string;
  at: number;
  wire: Wire;
  stream: MediaStream;
  drawn: boolean;
}

export class Call {
  state: State = "idle";
  private prepared: Promise<Prepared> | undefined;
  private ready: Prepared | undefined;
  private leg: Leg | undefined;
  private peer: string | undefined;
  private answeredBy: string | undefined;
  private seated = false;
  private restarting = false;
  private microphone = true;
  private unsent: Signal[] = [];
  // Counts releases: what was still being prepared when somebody hung up must not come to life afterwards.
  private turns = 0;
  private steps: Promise<void> = Promise.resolve();
  private readonly watchdog = new Watchdog({ trouble: () => void this.trouble(), well: () => this.well() });

  constructor(private readonly options: CallOptions) {}

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
      if (!ready || turn !== this.turns) return;
      if (Date.now() - ready.at > PASS_IS_FRESH) await this.renew(ready);
      if (turn !== this.turns) return;
      const offer = this.leg?.pending;
      ready.wire.join({ pass: ready.pass.pass, nonce: ready.nonce, page: newName(), ...(offer && { offer }) });
    } catch {
      if (turn !== this.turns) return;
      this.release();
      this.turn("failed");
    }
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

  // Leave the page's hands empty: no camera, no socket, no timers.
  dispose(): void {
    this.ready?.wire.shut();
    this.release();
    this.watchdog.stop();
  }

  private async getReady(): Promise<Prepared> {
    const turn = this.turns;
    const nonce = newName();
    const [pass, media] = await Promise.all([this.pass(nonce), this.options.media()]);
    if (turn !== this.turns) {
      for (const track of media.stream.getTracks()) track.stop();
      throw new Error("hung up meanwhile");
    }
    const wire = new Wire(pass, {
      joined: (body) => this.step(() => this.joined(body)),
      peer: (body) => this.step(() => this.met(body)),
      signal: (body) => this.step(() => this.heard(body)),
      refused: (why) => void this.refused(why),
      ended: (why) => this.finish(why),
      line: () => undefined,
      pending: () => this.leg?.pending,
    });
    this.ready = { pass, nonce, at: Date.now(), wire, ...media };
    this.options.local(media.stream, media.drawn);
    this.tellMedia();
    if (this.options.role === "patient") await this.open(newName()).offer();
    return this.ready;
  }

  private async renew(ready: Prepared): Promise<void> {
    ready.nonce = newName();
    ready.pass = await this.pass(ready.nonce);
    ready.at = Date.now();
    if (this.options.role === "patient") await this.open(newName()).offer();
  }

  private async pass(nonce: string): Promise<CallPass> {
    return this.options.getPass(await hashed(nonce));
  }

  // Steps run one after another: an answer must not overtake the offer it belongs to.
  private step(run: () => Promise<void> | void): void {
    this.steps = this.steps.then(run).catch(() => this.turn("interrupted"));
  }

  private async joined(body: Joined): Promise<void> {
    this.seated = true;
    for (const signal of this.unsent.splice(0)) if (signal.leg === this.leg?.name) this.send(signal);
    if (body.peer) await this.arrived(body.peer);
    else if (!this.flowing()) this.turn("waiting");
    for (const signal of body.signals) await this.heard(signal);
    if (this.restarting) await this.restart();
  }

  private async met(body: Peer): Promise<void> {
    if (body.here) return this.arrived(body.page);
    if (body.why === "line") {
      if (this.state === "connecting") this.turn("waiting");
      return;
    }
    this.peer = this.answeredBy = undefined;
    this.options.remote(null);
    if (this.options.role === "patient") await this.offerAfresh();
    else this.drop();
    this.turn("waiting", body.why === "hung_up");
  }

  private async arrived(page: string): Promise<void> {
    this.peer = page;
    if (this.flowing() && this.answeredBy === page) return;
    this.turn("connecting");
    if (this.options.role !== "patient" || !this.leg?.answered) return;
    if (this.answeredBy === page) await this.restart();
    else await this.offerAfresh();
  }

  private async heard(body: Signal): Promise<void> {
    const leg = this.leg?.name === body.leg ? this.leg : undefined;
    if (body.kind === "offer") {
      const answering = leg ?? this.open(body.leg);
      const sdp = await answering.answer(body.sdp);
      this.answeredBy = this.peer;
      this.send({ kind: "answer", leg: body.leg, sdp });
    } else if (body.kind === "answer") {
      await leg?.accept(body.sdp);
      this.answeredBy = this.peer;
    } else if (body.kind === "candidates") {
      await leg?.candidates(body.candidates);
    } else if (leg) {
      await this.restart();
    }
  }

  private async offerAfresh(): Promise<void> {
    this.send({ kind: "offer", ...(await this.open(newName()).offer()) });
  }

  private async restart(): Promise<void> {
    this.restarting = false;
    const leg = this.leg;
    if (!leg?.answered) return;
    if (this.options.role === "patient") this.send({ kind: "offer", ...(await leg.offer(true)) });
    else this.send({ kind: "restart", leg: leg.name });
  }

  private open(name: string): Leg {
    this.drop();
    if (!this.ready) throw new Error("not prepared");
    const leg: Leg = new Leg(name, this.ready.pass.ice, this.ready.stream, {
      signal: (body) => this.send(body),
      state: (state) => leg === this.leg && this.changed(state),
      remote: (stream) => leg === this.leg && this.options.remote(stream),
      said: (text) => leg === this.leg && this.listen(text),
      channel: (open) => open && this.tellMedia(),
    });
    this.leg = leg;
    this.watchdog.watch(leg.pc);
    return leg;
  }

  private changed(state: RTCPeerConnectionState): void {
    if (state === "connected") this.turn("connected");
    else if (state === "disconnected" || state === "failed") this.turn("interrupted");
  }

  private flowing(): boolean {
    return this.leg?.pc.connectionState === "connected";
  }

  private well(): void {
    if (this.flowing()) this.turn("connected");
  }

  // Signaling first, media second: an offer into a dead socket would be lost.
  private async trouble(): Promise<void> {
    if (!this.seated || !this.ready) return;
    if (this.state === "connected") this.turn("interrupted");
    this.restarting = true;
    if (await this.ready.wire.probe()) this.step(() => (this.restarting ? this.restart() : undefined));
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
      this.turn("failed");
    }
  }

  private finish(why: "replaced" | "visit_ended" | "session_ended"): void {
    this.release();
    this.turn(why);
  }

  private release(): void {
    this.turns += 1;
    this.drop();
    for (const track of this.ready?.stream.getTracks() ?? []) track.stop();
    this.prepared = this.ready = this.peer = this.answeredBy = undefined;
    this.seated = this.restarting = false;
    this.unsent = [];
    this.options.local(null, false);
    this.options.remote(null);
  }

  private drop(): void {
    this.watchdog.watch(undefined);
    this.leg?.close();
    this.leg = undefined;
  }

  private send(body: Signal): void {
    if (this.seated) this.ready?.wire.signal(body);
    else if (body.kind === "candidates") this.unsent.push(body);
  }

  private tellMedia(): void {
    const ready = this.ready;
    if (!ready) return;
    for (const track of ready.stream.getAudioTracks()) track.enabled = this.microphone;
    const microphone = this.microphone && ready.stream.getAudioTracks().length > 0;
    const camera = ready.stream.getVideoTracks().length > 0;
    this.leg?.say(JSON.stringify({ microphone, camera, drawn: ready.drawn } satisfies PeerMedia));
  }

  private listen(text: string): void {
    const media = readPeerMedia(text);
    if (media) this.options.peerMedia(media);
  }

  private turn(state: State, peerHungUp = false): void {
    this.state = state;
    this.options.state(state, peerHungUp);
  }
}

export type { CallPass, PeerMedia, Role, State };
