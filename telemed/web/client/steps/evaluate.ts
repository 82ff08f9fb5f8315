// Branch and range rules over the steps as data: the twin of telemed/intake/evaluator.py, held to it by shared vectors.

import { birthDateProblem, identifierProblem, isoDate, mobileNumber, skipped, telephoneNumber } from "./identity";
import type { Answers, CountryRules, FieldRule, Rules, StepRule } from "./rules";

export const GIVEN = "given";

export interface Problem {
  field: string;
  code: string;
}

export interface Path {
  keys: string[];
  stop: string;
}

export function parseDecimal(typed: string): string | null {
  const match = /^\s*([0-9]{1,6})(?:[.,]([0-9]{1,6}))?\s*$/.exec(typed);
  if (!match?.[1]) return null;
  const whole = match[1].replace(/^0+(?=[0-9])/, "");
  return match[2] ? `${whole}.${match[2]}` : whole;
}

export function problems(step: StepRule, answers: Answers, country: CountryRules, today: string): Problem[] {
  const pressed = answers[step.key] ?? "";
  if (step.choices.includes(pressed)) return [];
  if (step.kind === "types") return /^[a-z0-9-]{1,20}$/.test(pressed) ? [] : [{ field: step.key, code: "choose" }];
  if (step.kind === "slots") {
    return /^([^|]+\|[^|]+\|[^|]+|wish\|[0-9]+)$/.test(pressed) ? [] : [{ field: step.key, code: "choose" }];
  }
  if (pressed !== GIVEN) return [{ field: step.key, code: step.fields.length > 0 ? "missing" : "choose" }];
  const found = step.fields.flatMap((field) => {
    const code = fieldProblem(field, answers, country);
    return code ? [{ field: field.name, code }] : [];
  });
  return found.length > 0 ? found : together(step, answers, country, today);
}

export function nextKey(step: StepRule, answers: Answers): string {
  return step.branches.find(([name, value]) => answers[name] === value)?.[2] ?? step.goto;
}

export function path(rules: Rules, answers: Answers, today: string): Path {
  const keys: string[] = [];
  let key = rules.first;
  for (let step = rules.steps[key]; step && key !== rules.last && !keys.includes(key); step = rules.steps[key]) {
    if (problems(step, answers, rules.country, today).length > 0) return { keys, stop: key };
    keys.push(key);
    key = nextKey(step, answers);
  }
  return { keys, stop: key };
}

export function after(rules: Rules, step: StepRule, answers: Answers, today: string): string {
  const walked = path(rules, answers, today);
  const direct = walked.keys.includes(step.key) && (walked.stop === rules.last || step.sets.length > 0);
  return direct ? walked.stop : nextKey(step, answers);
}

export function birthDate(answers: Answers): string | null {
  const [year, month, day] = ["born_year", "born_month", "born_day"].map((name) => (answers[name] ?? "").trim());
  if (![year, month, day].every((part) => part && /^[0-9]+$/.test(part))) return null;
  return isoDate(Number(year), Number(month), Number(day));
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
  } else if (step.above) {
    const [higher, lower] = step.above.map((name) => Number(parseDecimal(answers[name] ?? "")));
    if (higher !== undefined && lower !== undefined && higher <= lower) code = "not_above";
  }
  return code ? [{ field: first, code }] : [];
}

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
