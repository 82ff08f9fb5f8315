// Where the picture and voice come from: camera and microphone, or, in a demonstration, a drawn face and a quiet tone.

import { trouble } from "./device_choice";

export interface OwnMedia {
  stream: MediaStream;
  drawn: boolean;
  missing: Missing;
}

// Which of the two nobody has, and why the first try at both failed.
export interface Missing {
  camera: boolean;
  microphone: boolean;
  why?: ReturnType<typeof trouble>;
}

// The devices that were chosen on this computer, by the browser's own opaque ids.
export interface Wished {
  camera?: string;
  microphone?: string;
}

const WIDTH = 640;
const HEIGHT = 480;
const FRAMES = 12;

export async function openMedia(standInLabel: string | null, wished: Wished = {}): Promise<OwnMedia> {
  const { stream, why } = await captured(wished);
  const missing: Missing = { camera: !stream.getVideoTracks().length, microphone: !stream.getAudioTracks().length, ...(why && { why }) };
  if (standInLabel !== null) {
    if (missing.camera) for (const track of drawnFace(standInLabel).getTracks()) stream.addTrack(track);
    if (missing.microphone) for (const track of quietTone().getTracks()) stream.addTrack(track);
  }
  return { stream, drawn: standInLabel !== null && missing.camera, missing };
}

async function captured(wished: Wished): Promise<{ stream: MediaStream; why?: Missing["why"] }> {
  const audio = { ...named(wished.microphone), echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const video = { ...named(wished.camera), width: { ideal: WIDTH }, height: { ideal: HEIGHT }, frameRate: { ideal: 20 } };
  let why: Missing["why"];
  // One device may be missing or refused; the other is still worth having.
  for (const wish of [{ audio, video }, { audio }, { video }]) {
    try {
      return { stream: await navigator.mediaDevices.getUserMedia(wish), ...(why && { why }) };
    } catch (error) {
      why ??= trouble(error);
    }
  }
  return { stream: new MediaStream(), ...(why && { why }) };
}

// A wish only: where the device is not there, any other will do.
function named(id: string | undefined): MediaTrackConstraints {
  return id ? { deviceId: { ideal: id } } : {};
}

function drawnFace(label: string): MediaStream {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const stream = canvas.captureStream(FRAMES);
  const began = performance.now();
  const frame = () => draw(canvas, (performance.now() - began) / 1000, label);
  frame();
  const timer = setInterval(() => {
    if (stream.getVideoTracks().every((track) => track.readyState === "ended")) clearInterval(timer);
    else frame();
  }, 1000 / FRAMES);
  return stream;
}

function draw(canvas: HTMLCanvasElement, seconds: number, label: string): void {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const sway = Math.sin(seconds * 0.9) * 8;
  pen.fillStyle = "#dfe7e4";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = "#5b7f86";
  oval(pen, WIDTH / 2 + sway / 2, 450, 170, 130);
  pen.fillStyle = "#f0cfae";
  oval(pen, WIDTH / 2 + sway, 210, 92, 112);
  pen.fillStyle = "#6b4a35";
  oval(pen, WIDTH / 2 + sway, 122, 88, 38);
  const blink = seconds % 4 < 0.18 ? 2 : 9;
  pen.fillStyle = "#2b2b2b";
  oval(pen, WIDTH / 2 + sway - 34, 200, 8, blink);
  oval(pen, WIDTH / 2 + sway + 34, 200, 8, blink);
  pen.strokeStyle = "#8a4b3a";
  pen.lineWidth = 6;
  pen.beginPath();
  pen.arc(WIDTH / 2 + sway, 238, 36, 0.2 * Math.PI, 0.8 * Math.PI);
  pen.stroke();
  pen.fillStyle = "#16333a";
  pen.fillRect(0, HEIGHT - 56, WIDTH, 56);
  pen.fillStyle = "#ffffff";
  pen.font = "600 26px sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(label, WIDTH / 2, HEIGHT - 28, WIDTH - 40);
}

function oval(pen: CanvasRenderingContext2D, x: number, y: number, wide: number, high: number): void {
  pen.beginPath();
  pen.ellipse(x, y, wide, high, 0, 0, 2 * Math.PI);
  pen.fill();
}

function quietTone(): MediaStream {
  const audio = new AudioContext();
  const volume = new GainNode(audio, { gain: 0.015 });
  const tone = new OscillatorNode(audio, { type: "sine", frequency: 220 });
  const target = audio.createMediaStreamDestination();
  tone.connect(volume).connect(target);
  tone.start();
  // A page that nobody has touched yet may not sound; the first touch lets it.
  const wake = () => void audio.resume();
  addEventListener("pointerdown", wake, { once: true });
  const timer = setInterval(() => {
    if (target.stream.getAudioTracks().some((track) => track.readyState === "live")) return;
    clearInterval(timer);
    removeEventListener("pointerdown", wake);
    void audio.close();
  }, 1000);
  return target.stream;
}
