// A patient's side whose connection breaks before and after it was admitted: prints for test_call.py what it said, as JSON.

import { createRequire } from "node:module";

// What carries signals is made for browsers and asks for Node's own parts as it is loaded.
globalThis.require = createRequire(import.meta.url);
const { Call } = await import("../../../signaling/client/call");

globalThis.addEventListener = globalThis.removeEventListener = () => undefined;
const VISIT = "visit-0001";
const settled = () => new Promise((go) => setImmediate(go));

function side() {
  const said = [];
  const call = new Call({
    role: "patient",
    visit: VISIT,
    getPass: async () => Promise.reject(new Error("nobody asks")),
    media: async () => Promise.reject(new Error("nobody looks")),
    state: (state) => said.push(state),
    local: () => undefined,
    remote: () => undefined,
    peerMedia: () => undefined,
  });
  call.watchdog.stop();
  return { call, said };
}

function silent() {
  const { call, said } = side();
  for (const state of ["connected", "disconnected", "failed"]) call.changed(state);
  return said;
}

async function nonsense() {
  const { call, said } = side();
  call.changed("connected");
  call.step(() => Promise.reject(new Error("no description")));
  await settled();
  return said;
}

async function talking() {
  const { call, said } = side();
  call.admission.asked(VISIT);
  await settled();
  for (const state of ["connected", "disconnected"]) call.changed(state);
  call.hold();
  await settled();
  return said;
}

console.log(JSON.stringify({ silent: silent(), nonsense: await nonsense(), talking: await talking() }));
// A side that is held would wait for minutes before it rests.
process.exit(0);
