// A page that is spoken to faster than any hand writes; prints for test_channel.py what it took and what it said.

import { AT_ONCE, Channel, PER_SECOND } from "../../../signaling/client/channel";

let clock = 1_000;

function page() {
  const channel = new Channel(() => clock);
  const wire = { readyState: "open", said: [], send: (text) => wire.said.push(JSON.parse(text)) };
  const taken = [];
  for (const word of ["text", "show", "not_yet", "dropped"]) channel.on(word, (body) => taken.push([word, body]));
  channel.carriedBy(wire);
  const hears = (body) => wire.onmessage({ data: typeof body === "string" ? body : JSON.stringify(body) });
  return { hears, said: wire.said, taken, count: (word) => taken.filter(([each]) => each === word).length };
}

function flood() {
  const { hears, said, taken, count } = page();
  for (let number = 0; number < 500; number += 1) hears({ is: "text", text: `line ${number}` });
  const texts = count("text");
  const told = [...said];
  const own = taken.filter(([word]) => word === "dropped").map(([, body]) => body);
  hears({ is: "show", key: "belly" });
  hears({ is: "not_yet", visit: "v" });
  const others = [count("show"), count("not_yet")];
  clock += 3_000;
  for (let number = 0; number < 500; number += 1) hears({ is: "text", text: "more" });
  return { texts, told, own, others, after: count("text") - texts, toldAgain: said.length - told.length };
}

function taking_back() {
  const { hears, count, said } = page();
  for (let number = 0; number < 100; number += 1) hears({ is: "not_yet", visit: "v" });
  return { heard: count("not_yet"), said };
}

// Two pages that tell each other without end what they have dropped would never be quiet again.
function echo() {
  const { hears, said } = page();
  for (let number = 0; number < 500; number += 1) hears({ is: "dropped", word: "text" });
  return said;
}

function hand() {
  const { hears, said, count } = page();
  for (let line = 0; line < 120; line += 1, clock += 500) hears({ is: "text", text: "a quick hand" });
  return { heard: count("text"), said };
}

function nonsense() {
  const { hears, taken, said } = page();
  for (const body of ["", "{", "null", "7", "[]", JSON.stringify({ is: 7 }), JSON.stringify({ is: "constructor" })]) hears(body);
  hears(JSON.stringify({ is: "text", text: "x".repeat(17_000) }));
  return [...taken, ...said];
}

console.log(
  JSON.stringify({
    limits: [AT_ONCE, PER_SECOND],
    flood: flood(),
    taking_back: taking_back(),
    echo: echo(),
    hand: hand(),
    nonsense: nonsense(),
  }),
);
