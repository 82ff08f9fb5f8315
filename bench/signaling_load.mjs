// Many pages at once, as signaling servers see them: ours (Engine.IO on a bare WebSocket) or PeerJS' server.
// node signaling_load.mjs WS_MODULE ORDER.json → one JSON line with times in ms.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: WebSocket } = await import(pathToFileURL(process.argv[2]).href);
const order = JSON.parse(readFileSync(process.argv[3], "utf8"));
const { url, origin, sdp, candidate, rooms } = order;
const EACH_SIDE = 3;
const PATIENCE = 30_000;
const now = () => performance.now();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class Page {
  constructor() {
    this.heard = [];
    this.hopes = [];
    this.over = false;
  }
  // Resolve with the next word that fits, also when it has come already.
  next(fits) {
    const at = this.heard.findIndex(fits);
    if (at >= 0) return Promise.resolve(this.heard.splice(at, 1)[0]);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("nothing came")), PATIENCE);
      this.hopes.push({ fits, resolve: (word) => (clearTimeout(timer), resolve(word)) });
    });
  }
  come(word) {
    const at = this.hopes.findIndex(({ fits }) => fits(word));
    if (at >= 0) this.hopes.splice(at, 1)[0].resolve(word);
    else this.heard.push(word);
  }
  close() {
    this.over = true;
    this.socket.close();
  }
}

class Ours extends Page {
  static async open(room) {
    const page = new Ours();
    page.socket = new WebSocket(`${url}/socket.io/?EIO=4&transport=websocket&call=${room.name}`, { origin });
    page.socket.on("message", (data) => page.take(String(data)));
    page.socket.on("error", () => undefined);
    page.socket.on("close", () => (page.over = true));
    await page.next(([kind]) => kind === "open");
    page.socket.send("40/call,");
    await page.next(([kind]) => kind === "here");
    return page;
  }
  take(text) {
    if (text === "2") this.socket.send("3");
    else if (text.startsWith("0{")) this.come(["open"]);
    else if (text.startsWith("40/call,")) this.come(["here"]);
    else if (text.startsWith("42/call,")) this.come(JSON.parse(text.slice(8)));
  }
  say(event, body) {
    this.socket.send(`42/call,${JSON.stringify([event, body])}`);
  }
  async join(room, role) {
    const offer = role === "patient" ? { offer: { leg: "leg-of-the-bench", sdp } } : {};
    this.say("join", { pass: room[role], nonce: room.nonce, page: `page-${role}`, ...offer });
    await this.next(([event]) => event === "joined");
  }
  answer() {
    this.say("signal", { kind: "answer", leg: "leg-of-the-bench", sdp });
  }
  tell(mark) {
    const row = { candidate, sdpMid: "0", sdpMLineIndex: 0, usernameFragment: String(mark) };
    this.say("signal", { kind: "candidates", leg: "leg-of-the-bench", candidates: [row] });
  }
  told(mark) {
    return this.next(([event, body]) => event === "signal" && body.candidates?.[0].usernameFragment === String(mark));
  }
  offered() {
    return this.next(([event, body]) => event === "signal" && body.kind === "offer");
  }
  answered() {
    return this.next(([event, body]) => event === "signal" && body.kind === "answer");
  }
}

class Theirs extends Page {
  static async open(room, role) {
    const page = new Theirs();
    page.other = `${room.name}-${role === "patient" ? "practitioner" : "patient"}`;
    const id = `${room.name}-${role}`;
    page.socket = new WebSocket(`${url}/peerjs?key=peerjs&id=${id}&token=${room.nonce}&version=1.5.5`);
    page.socket.on("message", (data) => page.come(JSON.parse(String(data))));
    page.socket.on("error", () => undefined);
    page.socket.on("close", () => (page.over = true));
    await page.next(({ type }) => type === "OPEN");
    return page;
  }
  say(type, payload) {
    this.socket.send(JSON.stringify({ type, dst: this.other, payload }));
  }
  // There is no seat to take: the patient's side, who comes last, calls at once.
  async join(_room, role) {
    if (role === "practitioner") return;
    this.say("OFFER", { sdp: { type: "offer", sdp }, type: "media", connectionId: "mc_1" });
  }
  answer() {
    this.say("ANSWER", { sdp: { type: "answer", sdp }, type: "media", connectionId: "mc_1" });
  }
  tell(mark) {
    this.say("CANDIDATE", { candidate: { candidate, mark }, type: "media", connectionId: "mc_1" });
  }
  told(mark) {
    return this.next(({ type, payload }) => type === "CANDIDATE" && payload.candidate.mark === mark);
  }
  offered() {
    return this.next(({ type }) => type === "OFFER");
  }
  answered() {
    return this.next(({ type }) => type === "ANSWER");
  }
}

const Kind = order.product === "ours" ? Ours : Theirs;
const ROLES = ["practitioner", "patient"];

async function openBoth(room) {
  return Promise.all(ROLES.map((role) => Kind.open(room, role)));
}

// Eight words go from page to page: offer, answer, and three batches of candidates each way.
async function setUp(room, [doctor, patient]) {
  await doctor.join(room, "practitioner");
  await patient.join(room, "patient");
  await doctor.offered();
  doctor.answer();
  await patient.answered();
  const told = [];
  for (let number = 0; number < EACH_SIDE; number += 1) {
    for (const [from, to] of [[doctor, patient], [patient, doctor]]) {
      from.tell(number);
      told.push(to.told(number));
    }
  }
  await Promise.all(told);
}

async function inParallel(count, work) {
  let taken = 0;
  const worker = async () => {
    while (taken < work.length) await work[taken++]();
  };
  await Promise.all(Array.from({ length: count }, worker));
}

function say(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

const orders = {
  // Sockets and all, from nothing to a call.
  async cold() {
    const times = [];
    const work = rooms.map((room) => async () => {
      const began = now();
      const pages = await openBoth(room);
      await setUp(room, pages);
      times.push(now() - began);
      for (const page of pages) page.close();
    });
    await inParallel(order.parallel, work);
    say({ times });
  },
  // The sockets of a waiting room: opened before the measuring begins.
  async warm() {
    const pages = new Map();
    if (order.product === "ours") {
      // A socket without a seat may be sent away, so no more than the server lets wait.
      if (rooms.length > 90) throw new Error("too many sockets without a seat");
    }
    await inParallel(8, rooms.map((room) => async () => void pages.set(room, await openBoth(room))));
    say({ ready: true });
    await new Promise((resolve) => process.stdin.once("data", resolve));
    const times = [];
    const work = rooms.map((room) => async () => {
      const began = now();
      await setUp(room, pages.get(room));
      times.push(now() - began);
    });
    await inParallel(order.parallel, work);
    say({ times });
  },
  // All sockets stay; then some words go through every call.
  async hold() {
    const pages = [];
    await inParallel(order.parallel, rooms.map((room) => async () => {
      const both = await openBoth(room);
      await setUp(room, both);
      pages.push(both);
    }));
    say({ ready: true });
    await new Promise((resolve) => process.stdin.once("data", resolve));
    const times = [];
    for (const [index, [doctor, patient]] of pages.entries()) {
      const began = now();
      doctor.tell(`late-${index}`);
      await patient.told(`late-${index}`);
      times.push(now() - began);
      await pause(5);
    }
    say({ times, lost: pages.flat().filter(({ over }) => over).length });
  },
  // Some calls talk steadily; how long does a word take?
  async talk() {
    const pages = [];
    for (const room of rooms) {
      const both = await openBoth(room);
      await setUp(room, both);
      pages.push(both);
    }
    const times = [];
    const until = now() + order.seconds * 1000;
    await Promise.all(pages.map(async ([doctor, patient], index) => {
      for (let number = 0; now() < until; number += 1) {
        const mark = `talk-${index}-${number}`;
        const began = now();
        doctor.tell(mark);
        await patient.told(mark);
        times.push(now() - began);
        await pause(200);
      }
    }));
    say({ times });
  },
  // Somebody who floods, and comes back whenever they are sent away.
  async flood() {
    const until = now() + order.seconds * 1000;
    let sent = 0;
    let doors = 0;
    const began = now();
    while (now() < until) {
      let page;
      try {
        page = await Kind.open(rooms[0], "patient");
      } catch {
        continue;
      }
      doors += 1;
      while (!page.over && now() < until) {
        const due = ((now() - began) / 1000) * order.rate;
        for (let burst = 0; sent < due && burst < 500 && !page.over; burst += 1, sent += 1) page.tell("flood");
        await pause(1);
      }
      page.close();
    }
    say({ sent, doors, seconds: (now() - began) / 1000 });
  },
};

await orders[order.what]();
process.exit(0);
