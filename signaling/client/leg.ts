// One RTCPeerConnection and its name: a new offer under a new name means a new connection on both sides.

import { CANDIDATES_AT_ONCE, type Offer, type Signal } from "./protocol";

const OFFER_GATHERS = 1000;
const ANSWER_GATHERS = 100;
const BATCH_EVERY = 60;
const VIDEO_BITS = 600_000;

export interface LegEvents {
  signal(body: Signal): void;
  state(state: RTCPeerConnectionState): void;
  remote(stream: MediaStream): void;
  said(text: string): void;
  channel(open: boolean): void;
}

export class Leg {
  readonly pc: RTCPeerConnection;
  readonly channel: RTCDataChannel;
  private readonly incoming = new MediaStream();
  private readonly early: RTCIceCandidateInit[] = [];
  private batch: RTCIceCandidateInit[] = [];
  private described = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly name: string,
    ice: RTCIceServer[],
    local: MediaStream,
    private readonly events: LegEvents,
  ) {
    this.pc = new RTCPeerConnection({ iceServers: ice, bundlePolicy: "max-bundle" });
    for (const track of local.getTracks()) this.pc.addTrack(track, local);
    this.channel = this.pc.createDataChannel("call", { negotiated: true, id: 0 });
    this.channel.onopen = () => events.channel(true);
    this.channel.onclose = () => events.channel(false);
    this.channel.onmessage = ({ data }) => typeof data === "string" && events.said(data);
    this.pc.onicecandidate = ({ candidate }) => this.trickle(candidate);
    this.pc.onconnectionstatechange = () => this.changed();
    this.pc.ontrack = ({ track }) => this.arrived(track);
  }

  get answered(): boolean {
    return this.pc.remoteDescription !== null;
  }

  // The description of an offer that nobody has answered yet.
  get pending(): Offer | undefined {
    const sdp = this.pc.localDescription?.sdp;
    return this.pc.signalingState === "have-local-offer" && sdp ? { leg: this.name, sdp } : undefined;
  }

  async offer(restart = false): Promise<Offer> {
    this.expectBoth();
    this.described = false;
    if (restart) this.pc.restartIce();
    await this.pc.setLocalDescription();
    await this.gathered(OFFER_GATHERS);
    return { leg: this.name, sdp: this.describe() };
  }

  async answer(sdp: string): Promise<string> {
    this.described = false;
    await this.pc.setRemoteDescription({ type: "offer", sdp });
    await this.addEarly();
    await this.pc.setLocalDescription();
    await this.gathered(ANSWER_GATHERS);
    return this.describe();
  }

  async accept(sdp: string): Promise<void> {
    if (this.pc.signalingState !== "have-local-offer") return;
    await this.pc.setRemoteDescription({ type: "answer", sdp });
    await this.addEarly();
  }

  async candidates(rows: RTCIceCandidateInit[]): Promise<void> {
    this.early.push(...rows);
    if (this.answered) await this.addEarly();
  }

  say(text: string): void {
    if (this.channel.readyState === "open") this.channel.send(text);
  }

  close(): void {
    clearTimeout(this.timer);
    this.pc.onconnectionstatechange = this.pc.ontrack = this.pc.onicecandidate = null;
    this.channel.onopen = this.channel.onclose = this.channel.onmessage = null;
    this.pc.close();
  }

  // Whoever has no camera or microphone still wants to see and hear.
  private expectBoth(): void {
    for (const kind of ["audio", "video"]) {
      if (this.pc.getTransceivers().some(({ receiver }) => receiver.track.kind === kind)) continue;
      this.pc.addTransceiver(kind, { direction: "recvonly" });
    }
  }

  private describe(): string {
    this.described = true;
    this.batch = [];
    return this.pc.localDescription?.sdp ?? "";
  }

  private gathered(within: number): Promise<void> {
    if (this.pc.iceGatheringState === "complete") return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.pc.removeEventListener("icegatheringstatechange", check);
        resolve();
      };
      const check = () => this.pc.iceGatheringState === "complete" && done();
      const timer = setTimeout(done, within);
      this.pc.addEventListener("icegatheringstatechange", check);
    });
  }

  private trickle(candidate: RTCIceCandidate | null): void {
    if (!candidate?.candidate || !this.described) return;
    this.batch.push(candidate.toJSON());
    this.timer ??= setTimeout(() => this.flush(), BATCH_EVERY);
  }

  private flush(): void {
    this.timer = undefined;
    const rows = this.batch.splice(0, CANDIDATES_AT_ONCE);
    if (rows.length) this.events.signal({ kind: "candidates", leg: this.name, candidates: rows });
    if (this.batch.length) this.timer = setTimeout(() => this.flush(), BATCH_EVERY);
  }

  private async addEarly(): Promise<void> {
    for (const row of this.early.splice(0)) {
      // A candidate of a generation that was just restarted is refused; the next ones count.
      await this.pc.addIceCandidate(row).catch(() => undefined);
    }
  }

  private changed(): void {
    if (this.pc.connectionState === "connected") void this.capVideo();
    this.events.state(this.pc.connectionState);
  }

  private async capVideo(): Promise<void> {
    for (const sender of this.pc.getSenders()) {
      if (sender.track?.kind !== "video") continue;
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings) encoding.maxBitrate = VIDEO_BITS;
      await sender.setParameters(parameters).catch(() => undefined);
    }
  }

  private arrived(track: MediaStreamTrack): void {
    this.incoming.addTrack(track);
    this.events.remote(this.incoming);
  }
}
