// What is made ready before anybody presses: the pass, the open socket, camera and microphone.

import type { CallOptions } from "./options";
import { hashed, newName, type CallPass, type PeerMedia } from "./protocol";
import { Wire, type WireEvents } from "./wire";

const PASS_IS_FRESH = 90_000;
// Relays lend their places for the window of a pass; a connection made later asks for new ones.
const RELAYS_ARE_FRESH = 30 * 60_000;

export class Readiness {
  private constructor(
    private readonly options: CallOptions,
    private pass: CallPass,
    public nonce: string,
    private at: number,
    readonly wire: Wire,
    readonly stream: MediaStream,
    readonly drawn: boolean,
  ) {}

  static async get(options: CallOptions, events: WireEvents, still: () => boolean): Promise<Readiness> {
    const nonce = newName();
    const [pass, media] = await Promise.all([hashed(nonce).then(options.getPass), options.media()]);
    if (!still()) {
      for (const track of media.stream.getTracks()) track.stop();
      throw new Error("hung up meanwhile");
    }
    return new Readiness(options, pass, nonce, Date.now(), new Wire(pass, events), media.stream, media.drawn);
  }

  get token(): string {
    return this.pass.pass;
  }

  get relays(): RTCIceServer[] {
    return this.pass.ice;
  }

  get relayed(): boolean {
    return this.pass.ice.some(({ urls }) => [urls].flat().some((url) => /^turns?:/.test(url)));
  }

  get stale(): boolean {
    return Date.now() - this.at > PASS_IS_FRESH;
  }

  async renew(): Promise<void> {
    const nonce = newName();
    this.pass = await this.options.getPass(await hashed(nonce));
    this.nonce = nonce;
    this.at = Date.now();
  }

  async renewRelays(): Promise<void> {
    if (Date.now() - this.at > RELAYS_ARE_FRESH) await this.renew();
  }

  // Let the microphone be heard or not; what the other side is told of it.
  speaks(microphone: boolean): PeerMedia {
    const voices = this.stream.getAudioTracks();
    for (const track of voices) track.enabled = microphone;
    const camera = this.stream.getVideoTracks().length > 0;
    return { microphone: microphone && voices.length > 0, camera, drawn: this.drawn };
  }

  stop(): void {
    for (const track of this.stream.getTracks()) track.stop();
  }
}
