// Runs the browser's evaluator over the shared examples; node check.mjs rules.json vectors.json.

import { readFileSync } from "node:fs";
import { argv } from "node:process";

import { after, path, problems } from "../../../telemed/web/client/steps/evaluate";
import { whole } from "../../../telemed/web/client/steps/rules";
import { submission } from "../../../telemed/web/client/steps/submission";

const rules = whole(JSON.parse(readFileSync(argv[2], "utf8")));
const vectors = JSON.parse(readFileSync(argv[3], "utf8"));
const { today, now } = vectors;
let seen = 0;

function same(found, wanted, why) {
  const [left, right] = [found, wanted].map((value) => JSON.stringify(sorted(value)));
  if (left !== right) throw new Error(`${why}: the browser says ${left}, the examples say ${right}`);
  seen += 1;
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

for (const { why, step, answers, problems: wanted } of vectors.problems) {
  const found = problems(rules.steps[step], answers, rules.country, today);
  same(found.map(({ field, code }) => [field, code]), wanted, why);
}
for (const { why, answers, keys, stop } of vectors.paths) same(path(rules, answers, today), { keys, stop }, why);
for (const { why, step, answers, next } of vectors.after) {
  same(after(rules, rules.steps[step], answers, today), next, why);
}
for (const { why, answers, body } of vectors.submissions) same(submission(rules, answers, "bg", now), body, why);
console.log(`${seen} examples agree`);
