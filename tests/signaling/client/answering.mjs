// A doctor's side that is offered a connection while no film is sent; prints for test_answering.py what it said and
// what its browser was given, as JSON.

import { Leg } from "../../../signaling/client/leg";
import { Negotiation } from "../../../signaling/client/negotiation";
import { Sending } from "../../../signaling/client/sending";

const GOOG = "http://www.webrtc.org/experiments/rtp-hdrext";
const OFFER = [
  ...["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"],
  ...["m=audio 9 X 111 63", "a=rtpmap:111 opus/48000/2", "a=rtpmap:63 red/48000/2", "a=rtcp-fb:111 transport-cc"],
  ...["m=video 9 X 96", "a=extmap:1 urn:ietf:params:rtp-hdrext:toffset", `a=extmap:2 ${GOOG}/abs-send-time`],
  ...[`a=extmap:3 ${GOOG}/transport-wide-cc-extensions-01`, "a=rtpmap:96 VP8/90000"],
  ...["a=rtcp-fb:96 goog-remb", "a=rtcp-fb:96 transport-cc", "a=rtcp-fb:96 nack", ""],
].join("\r\n");
// Which of the lines that a film needs stand in a description.
const FILM = ["toffset", "abs-send-time", "transport-wide-cc", "goog-remb", "96 transport-cc"];
const needed = (sdp) => FILM.filter((line) => sdp.includes(line));
// Packing of speech and beginnings of rates are another test's: of those a reading is freed here.
const STILLS = { video: null, audio: { bits: 16_000, red: true, packet: 60 }, stills: 4_000 };
const FILM_CAPS = { video: { bits: 600_000, frames: 20, shrink: 1 }, audio: { bits: 32_000, red: false, packet: 20 }, stills: null };

// A browser as far as descriptions go: it agrees to each line of what it was given, and to no other.
class Peer extends EventTarget {
  signalingState = "stable";
  iceGatheringState = "complete";
  connectionState = "new";
  localDescription = null;
  remoteDescription = null;
  given = [];
  offers = 0;
  ways = [];

  getTransceivers() {
    return this.ways;
  }

  addTransceiver(kind) {
    this.ways.push(way(kind));
  }

  createDataChannel() {
    return {};
  }

  async setRemoteDescription({ type, sdp }) {
    if (!this.ways.length) for (const kind of ["audio", "video"]) this.ways.push(way(kind));
    this.given.push({ type, needed: needed(sdp) });
    this.remoteDescription = { type, sdp };
    this.signalingState = type === "offer" ? "have-remote-offer" : "stable";
  }

  async setLocalDescription() {
    const answers = this.signalingState === "have-remote-offer";
    if (!answers) this.offers += 1;
    this.localDescription = { type: answers ? "answer" : "offer", sdp: answers ? this.remoteDescription.sdp : OFFER };
    this.signalingState = answers ? "stable" : "have-local-offer";
  }
}

function way(kind) {
  const parameters = { encodings: [{ active: true }] };
  const sender = { replaceTrack: async () => undefined, getParameters: () => parameters, setParameters: async () => undefined };
  return { receiver: { track: { kind } }, sender, direction: "recvonly" };
}

globalThis.RTCPeerConnection = Peer;
globalThis.MediaStream = class {};
const deaf = { signal: () => undefined, state: () => undefined, remote: () => undefined, open: () => undefined };

// One side in a call, with its ladder's hand on what is sent.
function side(role) {
  const said = [];
  let leg;
  let sending;
  const negotiation = new Negotiation(role, {
    open: (name) => {
      leg = negotiation.leg = new Leg(name, [], role === "patient", false, deaf);
      sending = new Sending(leg, () => leg.reread(), 200);
      return leg;
    },
    close: () => undefined,
    refresh: async () => undefined,
    say: (body) => said.push(body),
    admits: () => undefined,
    admitted: () => undefined,
    left: () => undefined,
    turn: () => undefined,
  });
  return { negotiation, said, apply: (caps) => sending.apply(caps, caps.video ? null : 60), peer: () => leg.pc };
}

const words = (said) => said.map(({ kind, sdp }) => ({ kind, needed: needed(sdp ?? "") }));

async function answers() {
  const doctor = side("practitioner");
  const offer = { kind: "offer", leg: "leg-0001", sdp: OFFER };
  await doctor.negotiation.heard(offer);
  await doctor.apply(STILLS);
  const quiet = doctor.peer().given.at(-1);
  // Offered anew while it is quiet, as after a change of network.
  await doctor.negotiation.heard(offer);
  const again = doctor.peer().given.slice(-2);
  const before = doctor.said.length;
  await doctor.apply(FILM_CAPS);
  return { said: words(doctor.said), quiet, again, film: doctor.peer().given.at(-1), silent: doctor.said.length === before };
}

async function offers() {
  const patient = side("patient");
  await patient.negotiation.met({ here: true, page: "page-of-doctor" });
  const leg = patient.negotiation.leg.name;
  await patient.negotiation.heard({ kind: "answer", leg, sdp: OFFER });
  await patient.apply(STILLS);
  const quiet = patient.peer().given.at(-1);
  await patient.apply(FILM_CAPS);
  return { said: words(patient.said), quiet, film: patient.peer().given.at(-1) };
}

console.log(JSON.stringify({ whole: needed(OFFER), answers: await answers(), offers: await offers() }));
