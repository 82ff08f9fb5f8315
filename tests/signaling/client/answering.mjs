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
// Which of the extensions that a film is measured by stand in a description.
const FILM = ["toffset", "abs-send-time", "transport-wide-cc"];
const needed = (sdp) => FILM.filter((line) => sdp.includes(line));
// Packing of speech and beginnings of rates are another test's: of those a reading is freed here.
const STILLS = { video: null, audio: { bits: 16_000, red: true, packet: 60 }, stills: 4_000 };
const FILM_CAPS = { video: { bits: 600_000, frames: 20, shrink: 1 }, audio: { bits: 32_000, red: false, packet: 20 }, stills: null };

// A browser as far as descriptions go: it agrees to each line of what it was given, and to no other, and of what was not
// agreed on last it says nothing in its next description until it is reminded.
class Peer extends EventTarget {
  signalingState = "stable";
  iceGatheringState = "complete";
  connectionState = "new";
  localDescription = null;
  remoteDescription = null;
  given = [];
  ways = [];

  restartIce() {}

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
    if (type === "answer") this.forget(sdp);
  }

  known(sdp) {
    const lost = this.ways.flatMap((each) => each.extensions).filter(({ direction }) => direction === "stopped");
    return sdp.split("\r\n").filter((line) => !lost.some(({ uri }) => line.includes(uri))).join("\r\n");
  }

  forget(sdp) {
    for (const each of this.ways) {
      each.extensions = each.extensions.map((one) => ({ ...one, direction: sdp.includes(one.uri) ? one.direction : "stopped" }));
    }
  }

  async setLocalDescription() {
    const answers = this.signalingState === "have-remote-offer";
    const sdp = this.known(answers ? this.remoteDescription.sdp : OFFER);
    this.localDescription = { type: answers ? "answer" : "offer", sdp };
    this.signalingState = answers ? "stable" : "have-local-offer";
    if (answers) this.forget(sdp);
  }
}

function way(kind) {
  const parameters = { encodings: [{ active: true }] };
  const sender = { replaceTrack: async () => undefined, getParameters: () => parameters, setParameters: async () => undefined };
  return {
    ...{ receiver: { track: { kind } }, sender, direction: "recvonly" },
    extensions: FILM.map((uri) => ({ uri, direction: "sendrecv" })),
    getHeaderExtensionsToNegotiate() {
      return this.extensions;
    },
    setHeaderExtensionsToNegotiate(wanted) {
      this.extensions = wanted;
    },
  };
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
  const own = needed(doctor.peer().localDescription.sdp);
  return { said: words(doctor.said), quiet, again, film: doctor.peer().given.at(-1), own, silent: doctor.said.length === before };
}

async function offers() {
  const patient = side("patient");
  await patient.negotiation.met({ here: true, page: "page-of-doctor" });
  const leg = patient.negotiation.leg.name;
  await patient.negotiation.heard({ kind: "answer", leg, sdp: OFFER });
  await patient.apply(STILLS);
  const quiet = patient.peer().given.at(-1);
  // Another network while it is quiet.
  await patient.negotiation.restart();
  await patient.negotiation.heard({ kind: "answer", leg, sdp: OFFER });
  await patient.apply(FILM_CAPS);
  return { said: words(patient.said), quiet, film: patient.peer().given.at(-1) };
}

console.log(JSON.stringify({ whole: needed(OFFER), answers: await answers(), offers: await offers() }));
