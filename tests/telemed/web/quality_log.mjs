// Runs the page's log of a call over seconds told by a test; prints what it sent.
import { CallLog } from "../../../telemed/web/client/quality.ts";

const second = (rung = "video", more = {}) => ({
  rung,
  waits: 60,
  concealed: 0.01,
  look: {
    sample: { at: 0, room: 800, sent: 400, lost: 0, rtt: 80, alive: true },
    heard: { waits: 60, concealed: 0.01, frozen: 0 },
    sentBytes: 50_000,
    gotBytes: 60_000,
    frames: 20,
    missed: 0.02,
    ...more,
  },
});

async function run(seconds, answers) {
  let now = 0;
  const sent = [];
  const post = async (body) => {
    sent.push(body);
    const answer = answers.shift() ?? 204;
    if (answer === "away") throw new Error("no line");
    return answer;
  };
  const log = new CallLog({ post, now: () => now });
  for (const each of seconds) {
    now += 1000;
    log.seen(each);
    await new Promise((done) => setImmediate(done));
  }
  await log.end();
  return sent;
}

const many = (number, rung, more) => Array.from({ length: number }, () => second(rung, more));
const unmeasured = { sample: { at: 0, room: null, sent: 0, lost: null, rtt: null, alive: false }, frames: null, missed: null };
console.log(
  JSON.stringify({
    minute: await run(many(60), []),
    changed: await run([...many(7), ...many(5, "audio")], []),
    away: await run(many(65), ["away", 503]),
    refused: await run(many(65), [404]),
    unmeasured: await run(many(5, "audio", unmeasured), []),
  }),
);
