// A doctor who shows a picture and takes it back too late: prints for test_pictures_client.py what was said, as JSON.

import { Beside } from "../../../telemed/web/client/call_beside";
import { Showing } from "../../../telemed/web/client/call_pictures";
import { Asking } from "../../../telemed/web/client/call_sharp";

const bitmap = { width: 8, height: 8, close: () => undefined };
const pen = { fillRect: () => undefined, drawImage: () => undefined };
const canvas = () => ({ getContext: () => pen, toBlob: (give) => give(new Blob([new Uint8Array(9)], { type: "image/webp" })) });
globalThis.createImageBitmap = async () => bitmap;
globalThis.scrollTo = () => undefined;
globalThis.document = { createElement: canvas };
const settled = () => new Promise((go) => setTimeout(go, 20));

// Whatever is asked for is there.
function page() {
  const parts = new Map();
  const fresh = () => ({
    ...canvas(),
    hidden: true,
    textContent: "",
    dataset: {},
    heard: {},
    querySelector: (which) => part(which),
    querySelectorAll: () => [],
    addEventListener(what, act) {
      this.heard[what] = act;
    },
    removeAttribute: () => undefined,
    scrollIntoView: () => undefined,
  });
  const part = (which) => parts.get(which) ?? parts.set(which, fresh()).get(which);
  return { part, root: { dataset: {}, querySelector: part, querySelectorAll: () => [] } };
}

function line() {
  const [hearers, said] = [new Map(), []];
  const channel = { on: (word, hear) => hearers.set(word, hear), say: (word, body) => said.push([word, body]) > 0 };
  return { channel, said, hears: (word, body) => hearers.get(word)?.(body) };
}

async function doctor() {
  const [{ part, root }, { channel, said, hears }] = [page(), line()];
  const parcels = { send: () => undefined, stop: () => undefined };
  new Showing(root, { channel, parcels, text: (name) => name }, () => ({ side: 64, bytes: 1_000 }));
  const pick = part("[data-call-pick]");
  pick.files = [new Blob(["a picture"])];
  pick.heard.change();
  await settled();
  hears("picture", { state: "shown" });
  const meant = part("[data-call-shows]").textContent;
  part("[data-call-keep]").heard.click();
  hears("picture", { state: "shown" });
  return { meant, after: part("[data-call-shows]").textContent, said };
}

// The other side never says that it is seen, or never sends what was asked for.
async function silence() {
  const [{ part, root }, { channel, said, hears }] = [page(), line()];
  const parcels = { send: () => undefined, stop: () => said.push(["stopped"]) };
  const showing = new Showing(root, { channel, parcels, text: (name) => name }, () => ({ side: 64, bytes: 1_000 }), 50);
  const pick = part("[data-call-pick]");
  pick.files = [new Blob(["a picture"])];
  pick.heard.change();
  await settled();
  const going = !part("[data-call-going]").hidden;
  showing.gone(1);
  await ended(() => part("[data-call-going]").hidden);
  hears("picture", { state: "shown" });
  return { going, words: part("[data-call-shows]").textContent, said };
}

async function unanswered() {
  const [{ part, root }, { channel, said }] = [page(), line()];
  part("[data-call-sharp-dialog]").close = () => undefined;
  const asking = new Asking(root, { channel, text: (name) => name }, 50);
  part("[data-call-sharp-ask]").heard.click();
  asking.coming(0.5);
  await ended(() => !asking.asked);
  return { words: part("[data-call-sharp-said]").textContent, bar: part("[data-call-sharp-going]").hidden, said };
}

async function ended(is) {
  while (!is()) await settled();
}

function kiosk() {
  const [{ part, root }, { channel }] = [page(), line()];
  const options = { channel, role: "patient", caps: () => ({}), camera: () => null, text: (name) => name };
  const beside = new Beside(root, options);
  const place = part("[data-call-picture]");
  place.hidden = false;
  beside.bind(null);
  return place.hidden;
}

console.log(
  JSON.stringify({ doctor: await doctor(), silence: await silence(), unanswered: await unanswered(), closed: kiosk() }),
);
