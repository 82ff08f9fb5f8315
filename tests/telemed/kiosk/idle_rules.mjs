// Prints what the browser's own rules say of idle time, as JSON, for test_idle_rules.py.

import { readFileSync } from "node:fs";
import { argv } from "node:process";

import { askAfter, isFresh, secondsToAnswer, watchOf } from "../../../telemed/web/client/kiosk/idle_rules";
import { whole } from "../../../telemed/web/client/steps/rules";

const rules = whole(JSON.parse(readFileSync(argv[2], "utf8")));
const pages = [...Object.keys(rules.steps), "waiting", "booked", "summary", "home", "early"];
const minute = 60_000;
console.log(
  JSON.stringify({
    watch: Object.fromEntries(pages.map((key) => [key, watchOf(rules, key)])),
    after: Object.fromEntries(["ask", "presence", "none"].map((watch) => [watch, [askAfter(watch), askAfter(watch, true)]])),
    answer: Object.fromEntries(["still", "end", "turn", "over"].map((why) => [why, secondsToAnswer(why)])),
    fresh: [isFresh(null, 0), isFresh(0, 3 * minute - 1), isFresh(0, 3 * minute)],
  }),
);
