// Two soft tones for whoever does not look at the screen; a browser that may not sound yet stays silent.

const TONES = [659, 523];
const LENGTH_S = 0.35;

export function chime(): void {
  if (typeof AudioContext === "undefined") return;
  const context = new AudioContext();
  const loudness = new GainNode(context, { gain: 0.2 });
  loudness.connect(context.destination);
  TONES.forEach((frequency, place) => {
    const tone = new OscillatorNode(context, { type: "sine", frequency });
    tone.connect(loudness);
    tone.start(context.currentTime + place * LENGTH_S);
    tone.stop(context.currentTime + (place + 1) * LENGTH_S);
  });
  setTimeout(() => void context.close().catch(() => undefined), TONES.length * LENGTH_S * 1000 + 500);
}
