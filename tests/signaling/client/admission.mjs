// A patient's side and the doctors' pages that come and go; prints for test_admission.py what was let out, as JSON.

import { Admission } from "../../../signaling/client/admission";
import { Negotiation } from "../../../signaling/client/negotiation";

const VISIT = "visit-0001";
const page = (name) => ({ here: true, page: name });

// What happens to whoever the first doctor has admitted, after these words of the server.
async function after(...words) {
  const channel = { on: () => undefined, say: () => true };
  const admission = new Admission("patient", VISIT, false, channel, () => undefined);
  let legs = 0;
  const made = (name) => ({ name, answered: false, pc: { connectionState: "new" }, offer: async () => ({ leg: name }), accept: async () => undefined });
  const negotiation = new Negotiation("patient", {
    open: (name) => ((legs += 1), (negotiation.leg = made(name))),
    close: () => undefined,
    refresh: async () => undefined,
    say: () => undefined,
    admits: () => undefined,
    admitted: (visit) => admission.asked(visit),
    left: () => admission.left(),
    turn: () => undefined,
  });
  await negotiation.met(page("page-one"));
  await negotiation.heard({ kind: "answer", leg: negotiation.leg.name, sdp: "v=0", admit: VISIT });
  negotiation.leg.answered = true;
  negotiation.leg.pc.connectionState = "connected";
  const admitted = admission.open;
  for (const word of words) await negotiation.met(word);
  return { admitted, open: admission.open, legs };
}

const gone = (why) => ({ here: false, why });
console.log(
  JSON.stringify({
    line: await after(gone("line"), page("page-one")),
    hung_up: await after(gone("hung_up"), page("page-two")),
    session_ended: await after(gone("session_ended"), page("page-two")),
    another: await after(page("page-two")),
  }),
);
