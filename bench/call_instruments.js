// What a page of a measured call notes by a clock that both pages share: each picture shown, each moment of sound.
(() => {
  const LOUD = 0.003;
  const now = () => performance.timeOrigin + performance.now();
  const noted = { now, pictures: [], sounds: [], samples: [], stillsSent: {}, stillsGot: {} };
  window.noted = noted;
  const wave = new Float32Array(1024);
  let context, analyser, heard, watched;

  function follow(video) {
    watched = video;
    const next = () =>
      video.requestVideoFrameCallback(() => {
        noted.pictures.push(now());
        next();
      });
    next();
  }

  function listen(track) {
    heard = track;
    context ??= new AudioContext();
    analyser = context.createAnalyser();
    analyser.fftSize = wave.length;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  }

  setInterval(() => {
    const video = document.querySelector("[data-call-remote]");
    if (video && video !== watched) follow(video);
    const track = video?.srcObject?.getAudioTracks()[0];
    if (track && track !== heard) listen(track);
    if (!analyser) return;
    analyser.getFloatTimeDomainData(wave);
    if (Math.sqrt(wave.reduce((sum, value) => sum + value * value, 0) / wave.length) > LOUD) noted.sounds.push(now());
  }, 20);

  // Pictures one by one, by their number: when the first piece went out, when enough of them had come in.
  const NOTHING = 0x4000;
  const COUNT = 0x3fff;
  const pieces = new Map();
  function head(data) {
    const view = new DataView(data);
    const [number, part, parts] = [view.getUint16(0), view.getUint16(2), view.getUint16(4)];
    return parts & NOTHING ? null : { number, part, count: parts & COUNT };
  }
  const { createDataChannel } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.createDataChannel = function (label, ...rest) {
    const channel = createDataChannel.call(this, label, ...rest);
    if (label !== "stills") return channel;
    const send = channel.send.bind(channel);
    channel.send = (data) => {
      const piece = head(data);
      if (piece) noted.stillsSent[piece.number] ??= now();
      send(data);
    };
    channel.addEventListener("message", ({ data }) => {
      const piece = head(data);
      if (!piece) return;
      const got = pieces.get(piece.number) ?? new Set();
      pieces.set(piece.number, got.add(piece.part));
      if (got.size >= piece.count) noted.stillsGot[piece.number] ??= now();
    });
    return channel;
  };

  const OF_INTEREST = {
    "inbound-rtp": [
      "concealedSamples",
      "totalSamplesReceived",
      "jitterBufferDelay",
      "jitterBufferEmittedCount",
      "packetsLost",
      "packetsReceived",
      "fecPacketsReceived",
      "framesDecoded",
      "totalFreezesDuration",
    ],
    "outbound-rtp": ["targetBitrate", "bytesSent", "packetsSent"],
  };

  noted.look = async () => {
    const peer = (window.peers ?? []).filter(({ connectionState }) => connectionState === "connected").at(-1);
    const seen = { at: now(), rung: document.querySelector("[data-call]")?.dataset.callRung ?? "" };
    for (const report of peer ? (await peer.getStats()).values() : []) {
      for (const name of OF_INTEREST[report.type] ?? []) {
        const key = `${report.type === "inbound-rtp" ? "in" : "out"} ${report.kind} ${name}`;
        if (report[name] !== undefined) seen[key] = (seen[key] ?? 0) + report[name];
      }
    }
    return seen;
  };
  setInterval(async () => noted.samples.push(await noted.look()), 1000);
})();
