// National numbers, birth dates and mobile numbers: the twin of telemed/countries/pack.py. Dates are "YYYY-MM-DD".

import type { CountryRules, IdentifierRule } from "./rules";

const LONGEST_LIFE_DAYS = 45_750;
const DAY = 86_400_000;

export function isoDate(year: number, month: number, day: number): string | null {
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  const same = moment.getUTCFullYear() === year && moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
  return same && year >= 1 && year <= 9999 ? moment.toISOString().slice(0, 10) : null;
}

export function birthDateProblem(born: string, today: string): string | null {
  if (born > today) return "future_date";
  return (Date.parse(today) - Date.parse(born)) / DAY > LONGEST_LIFE_DAYS ? "too_long_ago" : null;
}

export function skipped(country: CountryRules, day: string): boolean {
  return country.missing.some(([first, last]) => first <= day && day <= last);
}

export function identifierProblem(
  country: CountryRules,
  kind: string,
  value: string,
  today: string,
): string | null {
  const rule = country.identifiers[kind];
  if (!rule || !/^[0-9]+$/.test(value) || value.length !== rule.digits) return "wrong_length";
  if (rule.months.length > 0) {
    const born = bornOn(rule, value);
    if (born === null || skipped(country, born)) return "impossible_date";
    const problem = birthDateProblem(born, today);
    if (problem) return problem;
  }
  return checkDigit(rule, value) === Number(value.at(-1)) ? null : "check_digit";
}

export function birthDateOf(country: CountryRules, kind: string, value: string): string | null {
  const rule = country.identifiers[kind];
  return rule && rule.months.length > 0 ? bornOn(rule, value) : null;
}

export function mobileNumber(country: CountryRules, typed: string): string | null {
  return inE164(country, typed, country.mobile);
}

// A mobile or a landline.
export function telephoneNumber(country: CountryRules, typed: string): string | null {
  return mobileNumber(country, typed) ?? inE164(country, typed, country.landline);
}

function inE164(country: CountryRules, typed: string, pattern: string): string | null {
  const digits = typed.replace(/[\s().-]/g, "");
  for (const lead of [country.prefix, `00${country.prefix.slice(1)}`, country.trunk]) {
    const rest = digits.slice(lead.length);
    if (digits.startsWith(lead) && new RegExp(`^(?:${pattern})$`).test(rest)) return country.prefix + rest;
  }
  return null;
}

function bornOn(rule: IdentifierRule, value: string): string | null {
  const month = Number(value.slice(2, 4));
  for (const [plus, century] of rule.months) {
    if (month - plus >= 1 && month - plus <= 12) {
      return isoDate(century + Number(value.slice(0, 2)), month - plus, Number(value.slice(4, 6)));
    }
  }
  return null;
}

function checkDigit(rule: IdentifierRule, value: string): number {
  const sum = rule.weights.reduce((total, weight, index) => total + weight * Number(value[index]), 0);
  return rule.moduli.reduce((rest, modulus) => rest % modulus, sum);
}
