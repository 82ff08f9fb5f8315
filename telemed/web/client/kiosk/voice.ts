// Plays sounds one after the other; a new one silences the one before.

// A voice from a loudspeaker in a post office: a little more than as it was spoken.
const LOUDNESS = 1.4;

export class Voice {
  private context: AudioContext | null = null;
  private source: AudioBufferSourceNode | null = null;

  async play(sound: ArrayBuffer): Promise<void> {
    const context = (this.context ??= new AudioContext());
    if (context.state === "suspended") await context.resume();
    const buffer = await context.decodeAudioData(sound);
    this.stop();
    const source = context.createBufferSource();
    source.buffer = buffer;
    const loudness = context.createGain();
    loudness.gain.value = LOUDNESS;
    source.connect(loudness);
    loudness.connect(context.destination);
    this.source = source;
    await new Promise<void>((ended) => {
      source.onended = () => ended();
      source.start();
    });
  }

  stop(): void {
    try {
      this.source?.stop();
    } catch {
      // It had not begun.
    }
    this.source = null;
  }
}
