// What leaves this side: rates, frames and size by the senders' parameters; packet length and repetition of speech by
// reading the other's description anew, which negotiates nothing with the other side.

import type { Caps } from "./levels";

// The part of a leg that is steered here.
export interface Steered {
  readonly audio: RTCRtpTransceiver | undefined;
  readonly video: RTCRtpTransceiver | undefined;
  // How the other's description is read before it is applied, now and at each later one.
  read: (sdp: string, answering: boolean) => string;
}

export class Sending {
  private wanted: Caps | null = null;
  private packing: Caps["audio"] = null;
  private most: number | null = null;
  private start: number;
  // bit/s given to speech beyond its own, where the browser takes its packets' heads out of the same.
  private heads = 0;
  private steps: Promise<void> = Promise.resolve();

  // `reread` applies the other's description once more, in order with every other step of the negotiation;
  // `kbit` is what the line is believed to carry.
  constructor(
    private readonly leg: Steered,
    private readonly reread: () => Promise<void>,
    kbit: number,
  ) {
    this.start = startOn(kbit);
    leg.read = (sdp, answering) => {
      const quiet = !answering && this.wanted?.video === null;
      return started(packed(sdp, this.packing), this.start, this.most, quiet);
    };
  }

  // The line was measured: at once where nothing is sent yet, else with the next change.
  startAt(kbit: number, silent: boolean): void {
    if (startOn(kbit) === this.start) return;
    this.start = startOn(kbit);
    if (silent) this.steps = this.steps.then(this.reread).catch(() => undefined);
  }

  // Resolves when the browser has taken everything over; doing the same again costs nothing. `most` is how far the
  // browser may feel its way, in kbit/s.
  apply(caps: Caps, most: number | null): Promise<void> {
    this.steps = this.steps.then(() => this.turn(caps, most)).catch(() => undefined);
    return this.steps;
  }

  // Browsers often take the heads of the packets out of the speech's own rate, and speech of 16 kbit/s becomes one
  // of 10: what the encoder was really told decides.
  told(speech: number | null): void {
    const audio = this.wanted?.audio;
    if (!audio || !speech) return;
    const lacking = audio.bits - speech;
    if (Math.abs(lacking) < audio.bits * 0.05) return;
    this.heads = Math.min(headsOf(audio), Math.max(0, this.heads + lacking));
  }

  // A small picture waits, and the speech beside it, so that what was lost can come once more before it is missed; the
  // first of both comes at once.
  settled(): void {
    const { video, audio } = this.leg;
    const small = (this.wanted?.video?.shrink ?? 1) > 1;
    if (video) video.receiver.jitterBufferTarget = small ? SMALL_WAITS : null;
    if (audio) audio.receiver.jitterBufferTarget = this.wanted?.audio?.again ? SPEECH_WAITS : null;
  }

  private async turn(caps: Caps, most: number | null): Promise<void> {
    const { audio, video } = caps;
    const same = this.wanted !== null && samePacking(this.packing, audio) && this.most === most;
    if (!same) this.heads = video || !audio ? 0 : headsOf(audio);
    await set(this.leg.video, (encoding) => {
      encoding.active = video !== null;
      if (!video) return;
      encoding.maxBitrate = video.bits;
      encoding.maxFramerate = video.frames;
      encoding.scaleResolutionDownBy = video.shrink;
      encoding.priority = encoding.networkPriority = "low";
    });
    await set(this.leg.audio, (encoding) => {
      encoding.active = audio !== null;
      if (!audio) return;
      encoding.maxBitrate = Math.round(audio.bits + this.heads);
      encoding.priority = encoding.networkPriority = "high";
    });
    this.wanted = caps;
    this.most = most;
    if (same || !audio) return;
    this.packing = audio;
    await this.reread();
  }
}

async function set(way: RTCRtpTransceiver | undefined, change: (encoding: RTCRtpEncodingParameters) => void) {
  if (!way) return;
  const parameters = way.sender.getParameters();
  const before = JSON.stringify(parameters.encodings);
  for (const encoding of parameters.encodings) change(encoding);
  if (JSON.stringify(parameters.encodings) !== before) await way.sender.setParameters(parameters);
}

function samePacking(one: Caps["audio"], other: Caps["audio"]): boolean {
  return one?.red === other?.red && one?.packet === other?.packet && one?.again === other?.again;
}

// ms: time to notice what is missing, and for one way there and back.
const SMALL_WAITS = 400;
const SPEECH_WAITS = 320;
const HEAD_BITS = 44 * 8;

function headsOf(audio: NonNullable<Caps["audio"]>): number {
  return (HEAD_BITS * 1000) / audio.packet;
}

// A browser begins by asking the line for six times of what it believes to be free, in packets of nothing: at 300 kbit/s,
// its own belief, that alone fills a thin line's queue for ten seconds.
function startOn(kbit: number): number {
  return Math.round(Math.min(1_000, Math.max(20, kbit * 0.7)));
}

// The description that the other side sent, with what our browser shall believe to be free at the beginning, in kbit/s;
// how far it may feel its way from there, and, where quiet, that it shall not at all.
export function started(sdp: string, kbit: number, most: number | null, quiet: boolean): string {
  const wish = [`x-google-start-bitrate=${Math.min(kbit, most ?? kbit)}`];
  if (most !== null) wish.push(`x-google-max-bitrate=${most}`);
  const codec = /^a=rtpmap:(\d+) (?:VP8|VP9|H264|AV1)\/90000\r\n(?:a=rtcp-fb:\1 .*\r\n)*(?:a=fmtp:\1 .*\r\n)?/gm;
  const asked = (lines: string, type: string) => {
    const had = /^a=fmtp:\d+ (.*)$/m.exec(lines)?.[1] ?? "";
    const kept = had.split(";").filter((each) => each && !/^x-google-(start|max)-bitrate/.test(each));
    return `${lines.replace(/^a=fmtp:.*\r\n/m, "")}a=fmtp:${type} ${[...kept, ...wish].join(";")}\r\n`;
  };
  const wished = sdp.replace(codec, asked);
  return quiet ? wished.replace(PROBED, "") : wished;
}

// Without these a browser neither fills the line with packets of nothing nor is told of each packet's arrival.
const PROBED = /^a=(?:extmap:.*(?:transport-wide-cc|abs-send-time|toffset).*|rtcp-fb:\d+ (?:transport-cc|goog-remb))\r\n/gm;

// The description that the other side sent, asking for speech in packets of this length, each repeated or not:
// a sender goes by what it receives, so asking ourselves in the other's name steers our own encoder.
export function packed(sdp: string, audio: Caps["audio"]): string {
  return sdp
    .split(/(?=^m=)/m)
    .map((part) => (part.startsWith("m=audio") ? packedSpeech(part, audio) : part))
    .join("");
}

// A browser that may ask for lost speech, and that keeps what it has sent for who asks.
function askedAgain(line: string, opus: string | undefined): string[] {
  return line.startsWith(`a=rtpmap:${opus} `) ? [line, `a=rtcp-fb:${opus} nack`] : [line];
}

function packedSpeech(part: string, audio: Caps["audio"]): string {
  const opus = /^a=rtpmap:(\d+) opus\/48000/im.exec(part)?.[1];
  const red = /^a=rtpmap:(\d+) red\/48000/im.exec(part)?.[1];
  const lines = part.split("\r\n").filter((line) => !/^a=(max)?ptime:/.test(line));
  const [head = "", ...rest] = audio?.again ? lines.flatMap((line) => askedAgain(line, opus)) : lines;
  const [media, port, way, ...types] = head.split(" ");
  const first = [audio?.red ? red : opus, audio?.red ? opus : red].filter((type) => type !== undefined);
  const order = [...first, ...types.filter((type) => !first.includes(type))];
  const packet = audio && audio.packet !== 20 ? [`a=ptime:${audio.packet}`] : [];
  return [[media, port, way, ...order].join(" "), ...rest.slice(0, -1), ...packet, ...rest.slice(-1)].join("\r\n");
}
