// One RTCPeerConnection and its name: a new offer under a new name means a new connection on both sides.

import { CANDIDATES_AT_ONCE, type Offer, type Signal } from "./protocol";

const OFFER_GATHERS = 1000;
const ANSWER_GATHERS = 100;
const BATCH_EVERY = 60;
const KINDS = ["audio", "video"] as const;

export interface LegEvents {
  signal(body: Signal): void;
  state(state: RTCPeerConnectionState): void;
  remote(): void;
  open(): void;
}

// As far as a browser lets us say which extensions of a packet's head its next description shall name.
type Extending = RTCRtpTransceiver & {
  getHeaderExtensionsToNegotiate?(): object[];
  setHeaderExtensionsToNegotiate?(extensions: object[]): void;
};

export class Leg {
  readonly pc: RTCPeerConnection;
  readonly channel: RTCDataChannel;
  readonly incoming = new MediaStream();
  // How the other's description is read before it is applied: it decides how our own speech is packed (sending.ts).
  // What an answer is made from keeps all that can be agreed on.
  read: (sdp: string, answering: boolean) => string = (sdp) => sdp;
  // What the other side said, word for word.
  private said: RTCSessionDescriptionInit | null = null;
  private applied = "";
  private readonly extensions = new Map<Extending, object[]>();
  private outgoing: MediaStream | null = null;
  private readonly early: RTCIceCandidateInit[] = [];
  private batch: RTCIceCandidateInit[] = [];
  private described = false;
  private shown = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly name: string,
    private ice: RTCIceServer[],
    offers: boolean,
    // Until a doctor has admitted, nobody learns where the other is: only the relay's addresses are told.
    readonly hidden: boolean,
    private readonly events: LegEvents,
  ) {
    this.pc = new RTCPeerConnection({
      iceServers: ice,
      bundlePolicy: "max-bundle",
      iceTransportPolicy: hidden ? "relay" : "all",
    });
    // Agreed without tracks, so that beginning, pausing and ending to send negotiates nothing.
    if (offers) for (const kind of KINDS) this.pc.addTransceiver(kind, { direction: "sendrecv" });
    this.channel = this.pc.createDataChannel("call", { negotiated: true, id: 0 });
    this.channel.onopen = () => events.open();
    this.pc.onicecandidate = ({ candidate }) => this.trickle(candidate);
    this.pc.onconnectionstatechange = () => events.state(this.pc.connectionState);
    this.pc.ontrack = ({ track }) => this.arrived(track);
  }

  get audio(): RTCRtpTransceiver | undefined {
    return this.transceiver("audio");
  }

  get video(): RTCRtpTransceiver | undefined {
    return this.transceiver("video");
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
    this.described = false;
    if (restart) this.pc.restartIce();
    await this.speak();
    await this.gathered(OFFER_GATHERS);
    return { leg: this.name, sdp: this.describe() };
  }

  async answer(sdp: string): Promise<string> {
    this.described = false;
    await this.hear({ type: "offer", sdp }, true);
    await this.addEarly();
    for (const each of this.pc.getTransceivers()) each.direction = "sendrecv";
    await this.speak();
    await this.attach();
    await this.gathered(ANSWER_GATHERS);
    return this.describe();
  }

  async accept(sdp: string): Promise<void> {
    if (this.pc.signalingState !== "have-local-offer") return;
    await this.hear({ type: "answer", sdp });
    await this.addEarly();
  }

  // Read what the other side said once more, with both halves of the negotiation done here: it hears nothing of it.
  async reread(): Promise<void> {
    const said = this.said;
    if (!said || this.pc.signalingState !== "stable") return;
    if (this.read(said.sdp ?? "", false) === this.applied) return;
    if (said.type === "answer") await this.speak();
    await this.hear(said);
    if (said.type === "offer") await this.speak();
  }

  async candidates(rows: RTCIceCandidateInit[]): Promise<void> {
    this.early.push(...rows);
    if (this.answered) await this.addEarly();
  }

  // Let these pictures and sounds out, or none: neither negotiates anything.
  async send(stream: MediaStream | null): Promise<void> {
    this.outgoing = stream;
    await this.attach();
  }

  // From the next gathering on, direct ways are tried as well.
  show(): void {
    this.shown = true;
    this.lean(this.ice);
  }

  // From the next gathering on, these relays are used.
  lean(ice: RTCIceServer[]): void {
    this.ice = ice;
    const iceTransportPolicy = this.hidden && !this.shown ? "relay" : "all";
    this.pc.setConfiguration({ iceServers: ice, bundlePolicy: "max-bundle", iceTransportPolicy });
  }

  close(): void {
    clearTimeout(this.timer);
    this.pc.onconnectionstatechange = this.pc.ontrack = this.pc.onicecandidate = null;
    this.channel.onopen = this.channel.onmessage = null;
    this.pc.close();
  }

  private async hear(said: RTCSessionDescriptionInit, answering = false): Promise<void> {
    this.said = said;
    this.applied = this.read(said.sdp ?? "", answering);
    await this.pc.setRemoteDescription({ ...said, sdp: this.applied });
  }

  // What one reading left out a browser names no more by itself, and film would come back without any measure of its way.
  private async speak(): Promise<void> {
    for (const way of this.pc.getTransceivers() as Extending[]) {
      const whole = this.extensions.get(way) ?? way.getHeaderExtensionsToNegotiate?.();
      if (!whole) continue;
      this.extensions.set(way, whole);
      way.setHeaderExtensionsToNegotiate?.(whole);
    }
    await this.pc.setLocalDescription();
  }

  private transceiver(kind: string): RTCRtpTransceiver | undefined {
    return this.pc.getTransceivers().find(({ receiver }) => receiver.track.kind === kind);
  }

  private async attach(): Promise<void> {
    const [voice] = this.outgoing?.getAudioTracks() ?? [];
    const [picture] = this.outgoing?.getVideoTracks() ?? [];
    if (this.pc.signalingState === "closed") return;
    await Promise.all([
      this.audio?.sender.replaceTrack(voice ?? null),
      this.video?.sender.replaceTrack(picture ?? null),
    ]);
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

  private arrived(track: MediaStreamTrack): void {
    this.incoming.addTrack(track);
    this.events.remote();
  }
}
