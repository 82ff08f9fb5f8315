// Branch and range rules over the steps as data: the twin of telemed/intake/evaluator.py, held to it by shared vectors.

import { birthDateProblem, identifierProblem, isoDate, mobileNumber, skipped, telephoneNumber } from "./identity";
import { parseDecimal } from "./numbers";
import type { Answers, CountryRules, FieldRule, Rules, StepRule } from "./rules";
import { DEVICE, GIVEN, onTheWay } from "./told";

export { GIVEN, parseDecimal };

// What a sign of danger answers besides: as a yes to the danger question, and the emergency page is open again.
const ALARMED = { danger: "yes", emergency: "" };

export interface Problem {
  field: string;
  code: string;
}

export interface Path {
  keys: string[];
  stop: string;
}

export function problems(step: StepRule, answers: Answers, country: CountryRules, today: string): Problem[] {
  const pressed = answers[step.key] ?? "";
  if (step.choices.includes(pressed)) return [];
  if (step.kind === "types") return /^[a-z0-9-]{1,20}$/.test(pressed) ? [] : [{ field: step.key, code: "choose" }];
  if (step.kind === "slots") {
    return /^([^|]+\|[^|]+\|[^|]+|wish\|[0-9]+)$/.test(pressed) ? [] : [{ field: step.key, code: "choose" }];
  }
  if (pressed === DEVICE && step.measuring?.device) return deviceProblems(step, answers);
  if (pressed !== GIVEN || step.kind === "choice") {
    return [{ field: step.key, code: step.fields.length > 0 ? "missing" : "choose" }];
  }
  const found = step.fields.flatMap((field) => {
    const asked = inUnit(step, field, answers);
    const code = fieldProblem(asked, answers, country);
    if (!code) return [];
    // Out of its ends it may be in the other unit: the words say which.
    const which = field.other && /^too_(low|high)$/.test(code) ? (asked === field ? "_unit" : "_other") : "";
    return [{ field: field.name, code: code + which }];
  });
  return found.length > 0 ? found : together(step, answers, country, today);
}

// What a device has sent must be there whole, with the bytes it came in; its unit is the kept one.
function deviceProblems(step: StepRule, answers: Answers): Problem[] {
  const first = step.fields[0]?.name ?? step.key;
  if (!/^(?:[0-9a-f]{2})+$/.test(answers[`${step.key}_raw`] ?? "")) return [{ field: first, code: "missing" }];
  const bad = [...step.fields, ...(step.measuring?.sent ?? [])].some((field) => {
    const said = (answers[field.name] ?? "").trim();
    return said ? numberProblem(field, said) : field.required;
  });
  return bad ? [{ field: first, code: "missing" }] : notAbove(step, answers);
}

export function nextKey(step: StepRule, answers: Answers): string {
  return step.branches.find(([name, value]) => answers[name] === value)?.[2] ?? step.goto;
}

export function path(rules: Rules, answers: Answers, today: string): Path {
  const keys: string[] = [];
  let key = rules.first;
  for (let step = rules.steps[key]; step && key !== rules.last && !keys.includes(key); step = rules.steps[key]) {
    if (!onTheWay(rules, step, keys, answers)) {
      key = step.goto;
      continue;
    }
    if (problems(step, answers, rules.country, today).length > 0) return { keys, stop: key };
    keys.push(key);
    key = nextKey(step, answers);
  }
  return { keys, stop: key };
}

export function after(rules: Rules, step: StepRule, answers: Answers, today: string): string {
  if (isSign(step, answers)) return "emergency";
  const { keys, stop } = path(rules, answers, today);
  if (!keys.includes(step.key)) return nextKey(step, answers);
  return stop === rules.last || step.sets.length > 0 ? stop : (keys[keys.indexOf(step.key) + 1] ?? stop);
}

export function isSign(step: StepRule | undefined, answers: Answers): boolean {
  return Boolean(step?.sign && answers[step.key] === step.sign);
}

export function besides(step: StepRule, answers: Answers): Answers {
  return { ...Object.fromEntries(step.sets), ...(isSign(step, answers) ? ALARMED : {}) };
}

export function birthDate(answers: Answers): string | null {
  const [year, month, day] = ["born_year", "born_month", "born_day"].map((name) => (answers[name] ?? "").trim());
  if (![year, month, day].every((part) => part && /^[0-9]+$/.test(part))) return null;
  return isoDate(Number(year), Number(month), Number(day));
}

function inUnit(step: StepRule, field: FieldRule, answers: Answers): FieldRule {
  const { other } = field;
  return other && answers[`${step.key}_unit`] === other.ucum ? { ...field, ...other } : field;
}

function fieldProblem(field: FieldRule, answers: Answers, country: CountryRules): string | null {
  const typed = (answers[field.name] ?? "").trim();
  if (!typed) return field.required ? "missing" : null;
  if (field.kind === "number") return numberProblem(field, typed);
  if (field.kind === "digits") return /^[0-9]+$/.test(typed) ? null : "not_a_number";
  if (field.kind === "phone") return mobileNumber(country, typed) ? null : "not_a_mobile";
  if (field.kind === "telephone") return telephoneNumber(country, typed) ? null : "not_a_telephone";
  if (field.kind === "code") return [...typed.replace(/[\s-]/g, "")].length === field.shortest ? null : "code_length";
  const letters = [...typed].length;
  if (letters < field.shortest) return "too_short";
  return letters > field.longest ? "too_long" : null;
}

function numberProblem(field: FieldRule, typed: string): string | null {
  const text = parseDecimal(typed);
  if (text === null) return "not_a_number";
  if ([...typed].length < field.shortest) return "too_few_digits";
  const value = Number(text);
  if (field.low !== null && value < field.low) return "too_low";
  if (field.high !== null && value > field.high) return "too_high";
  const part = (text.split(".")[1] ?? "").replace(/0+$/, "");
  return part.length > field.decimals ? "too_many_decimals" : null;
}

function together(step: StepRule, answers: Answers, country: CountryRules, today: string): Problem[] {
  const first = step.fields[0]?.name ?? step.key;
  let code: string | null = null;
  if (step.identifier) {
    code = identifierProblem(country, step.identifier, (answers[first] ?? "").trim(), today);
  } else if (step.birthDate) {
    const born = birthDate(answers);
    code = born === null || skipped(country, born) ? "impossible_date" : birthDateProblem(born, today);
  } else {
    const differs = step.same?.find(([repeated, named]) => numberOf(answers, repeated) !== numberOf(answers, named));
    return differs ? [{ field: differs[0], code: "not_the_same" }] : notAbove(step, answers);
  }
  return code ? [{ field: first, code }] : [];
}

function notAbove(step: StepRule, answers: Answers): Problem[] {
  if (!step.above) return [];
  const [higher, lower] = step.above.map((name) => numberOf(answers, name));
  return higher !== undefined && lower !== undefined && higher <= lower
    ? [{ field: step.above[0], code: "not_above" }]
    : [];
}

function numberOf(answers: Answers, name: string): number {
  return Number(parseDecimal(answers[name] ?? "") ?? Number.NaN);
}

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
