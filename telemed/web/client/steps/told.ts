// What was measured, out of the kiosk's flat answers: the twin of telemed/intake/told.py.

import { parseDecimal } from "./numbers";
import type { Answers, FieldRule, OnlyIf, Rules, StepRule } from "./rules";

export const GIVEN = "given";
export const DEVICE = "device";
const REASONS = ["not_measured", "failed", "refused"];
const PRESSURE = ["systolic", "diastolic"];

// As it is sent; what is usual is not said.
export interface Reading {
  code: string;
  value: string | null;
  reason: string | null;
  typed_by: "patient";
  number?: number;
  source?: "device" | "counted" | "observed";
  coded?: string;
  entered?: string;
  entered_unit?: string;
  device_id?: string;
  characteristic?: string;
  raw?: string;
  flags?: string[];
  detail?: string;
}

export function readings(rules: Rules, keys: string[], answers: Answers): [key: string, reading: Reading][] {
  const counted: Record<string, number> = {};
  const details: Answers = {};
  for (const key of keys) details[rules.steps[key]?.measuring?.detailOf ?? ""] = answers[key] ?? "";
  return keys.flatMap((key) => {
    const step = rules.steps[key];
    if (!step) return [];
    const told = (step.measuring?.flags ?? []).filter(([name, value]) => keys.includes(name) && answers[name] === value);
    return ofStep(rules, step, answers).map((each): [string, Reading] => {
      const number = (counted[each.code] = (counted[each.code] ?? 0) + 1);
      const flags = [...(each.value === null ? [] : told.map(([, , flag]) => flag)), ...(each.flags ?? [])];
      const detail = each.value !== null || flags.length > 0 ? (details[each.code] ?? "") : "";
      return [
        key,
        { ...each, ...(number > 1 && { number }), ...(flags.length > 0 && { flags }), ...(detail && { detail }) },
      ];
    });
  });
}

// Whether a step is asked of somebody who has answered these steps so.
export function onTheWay(rules: Rules, step: StepRule, keys: string[], answers: Answers): boolean {
  const asked = step.onlyIf;
  if (!asked) return true;
  if (asked.answer) {
    const [name, values] = asked.answer;
    if (!keys.includes(name) || !values.includes(answers[name] ?? "")) return false;
  }
  const { notSent } = asked;
  if (notSent && readings(rules, keys, answers).some(([, { code, source }]) => code === notSent && source === "device")) {
    return false;
  }
  return !asked.beyond || onceMore(rules, asked, keys, answers);
}

function onceMore(rules: Rules, asked: OnlyIf, keys: string[], answers: Answers): boolean {
  const all = readings(rules, keys, answers).map(([, reading]) => reading);
  const taken = (asked.beyond ?? []).map((code) => all.filter((each) => each.code === code));
  const most = Math.max(...taken.map((each) => each.filter(({ value }) => value !== null).length));
  if (asked.fewerThan && most >= asked.fewerThan) return false;
  return taken.some((each) => beyond(rules, each));
}

// The twin of telemed/intake/limits.py and vitals.py: the mean of the last two pressures, else what was told last.
function beyond(rules: Rules, taken: Reading[]): boolean {
  const code = taken[0]?.code ?? "";
  const told = taken.filter(({ value, flags }) => value !== null || (offScale(flags) && !PRESSURE.includes(code)));
  const of = told.slice(PRESSURE.includes(code) ? -2 : -1);
  const limit = rules.again[code];
  if (!limit || of.length === 0) return false;
  const [low, high] = limit;
  const numbers = of.flatMap(({ value }) => (value === null ? [] : [Number(value)]));
  if (numbers.length === 0) {
    return of.some(({ flags }) => (flags?.includes("below-range") ? low : high) !== null);
  }
  const places = 10 ** (rules.decimals[code] ?? 0);
  const [only = 0] = numbers;
  const value = numbers.length === 1 ? only : Math.floor((numbers.reduce((sum, each) => sum + each, 0) / 2) * places + 0.5) / places;
  return (low !== null && value <= low) || (high !== null && value >= high);
}

function offScale(flags: string[] | undefined): boolean {
  return flags?.some((flag) => flag === "below-range" || flag === "above-range") ?? false;
}

function ofStep(rules: Rules, step: StepRule, answers: Answers): Reading[] {
  const pressed = answers[step.key] ?? "";
  const { observes, lacks = [], offScale: off = [], sent = [] } = step.measuring ?? {};
  const fields = step.fields.filter((field) => field.measures);
  const flag = off.find(([choice]) => choice === pressed)?.[1];
  if (observes) return [observed(rules, observes, pressed)];
  if (pressed === GIVEN) return fields.map((field) => typed(rules, step, field, answers));
  if (pressed === DEVICE) {
    const told = [...fields, ...sent.filter(({ name }) => (answers[name] ?? "").trim())];
    return told.map((field) => {
      const value = parseDecimal(answers[field.name] ?? "");
      return fromDevice(step, { ...plain(field.measures ?? ""), value }, answers);
    });
  }
  if (!REASONS.includes(pressed) && !flag) return [];
  return [...fields.map((field) => field.measures ?? ""), ...lacks].map((code) => {
    if (flag) return { ...plain(code), reason: "failed", flags: [flag] };
    const reading = { ...plain(code), reason: pressed };
    return pressed === "failed" && answers[`${step.key}_raw`] ? fromDevice(step, reading, answers) : reading;
  });
}

function plain(code: string): Reading {
  return { code, value: null, reason: null, typed_by: "patient" };
}

function observed(rules: Rules, code: string, pressed: string): Reading {
  if (REASONS.includes(pressed)) return { ...plain(code), reason: pressed };
  if (code in rules.usual) return { ...plain(code), coded: pressed, source: "observed" };
  return { ...plain(code), value: parseDecimal(pressed) };
}

function typed(rules: Rules, step: StepRule, field: FieldRule, answers: Answers): Reading {
  const value = parseDecimal(answers[field.name] ?? "");
  const { measures = "", other } = field;
  const told: Reading = { ...plain(measures), value, ...(step.kind === "count" && { source: "counted" }) };
  if (!other || value === null || answers[`${step.key}_unit`] !== other.ucum) return told;
  const kept = (Number(value) * other.factor + other.shift).toFixed(rules.decimals[measures] ?? 0);
  return { ...told, value: kept, entered: value, entered_unit: other.ucum };
}

function fromDevice(step: StepRule, told: Reading, answers: Answers): Reading {
  const of = (name: string) => answers[`${step.key}_${name}`] ?? "";
  const flags = of("flags").split(" ").filter(Boolean);
  return {
    ...told,
    source: "device",
    ...(of("device") && { device_id: of("device") }),
    ...(of("characteristic") && { characteristic: of("characteristic") }),
    raw: of("raw"),
    ...(flags.length > 0 && { flags }),
  };
}
