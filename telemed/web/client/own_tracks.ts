// The camera and microphone in use, and the speaker: another device takes the place of the old one in our own picture
// and in what goes out; nothing is negotiated.

import type { Leg } from "../../../signaling/client/leg";
import type { Part } from "./device_choice";

export class OwnDevices {
  private stream: MediaStream | null = null;
  private leg: Leg | null = null;

  constructor(private readonly remote: HTMLVideoElement, private readonly changed: (kind: string) => void) {}

  opened(stream: MediaStream): void {
    this.stream = stream;
  }

  bind(leg: Leg | null): void {
    this.leg = leg;
  }

  // The browser's own id of the device in use, where it tells.
  of(part: Part): string | undefined {
    if (part === "speaker") return this.remote.sinkId || undefined;
    const tracks = part === "camera" ? this.stream?.getVideoTracks() : this.stream?.getAudioTracks();
    return tracks?.[0]?.getSettings().deviceId;
  }

  async use(track: MediaStreamTrack): Promise<void> {
    const stream = this.stream;
    if (!stream) return track.stop();
    const sender = (track.kind === "audio" ? this.leg?.audio : this.leg?.video)?.sender;
    // Before anybody is admitted nothing goes out, and nothing may begin to.
    if (sender?.track) await sender.replaceTrack(track);
    for (const old of stream.getTracks()) {
      if (old.kind !== track.kind) continue;
      stream.removeTrack(old);
      old.stop();
    }
    stream.addTrack(track);
    this.changed(track.kind);
  }

  // Where the other is heard; a browser that cannot choose has no list to choose from.
  async soundFrom(id: string): Promise<void> {
    await this.remote.setSinkId(id);
  }
}
