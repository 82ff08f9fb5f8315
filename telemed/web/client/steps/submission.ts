// From the kiosk's flat answers to the body of PUT /api/v1/intakes/<id>: the twin of telemed/intake/answers.py.

import { birthDate, GIVEN, isSign, path } from "./evaluate";
import { birthDateOf, mobileNumber, telephoneNumber } from "./identity";
import type { Answers, Rules } from "./rules";
import { readings, type Reading } from "./told";

export const WISH = "wish|";

export interface Submission {
  language: string;
  red_flag: boolean;
  claim: { identifier_kind: string | null; identifier: string | null; name: string; birth_date: string | null };
  notice_version: string;
  phone: string | null;
  sms: boolean;
  contacts: Contacts;
  sharing: boolean;
  complaint: string;
  words: string;
  measurements: (Omit<Reading, "typed_by"> & { typed_by: "patient" | "clerk"; assisted_by?: string; taken_at: string })[];
  symptoms: { question: string; answer: string }[];
  choice: Record<string, string>;
}

interface Contacts {
  script: "native" | "latin";
  voice: string | null;
  proxy: { name: string; phone: string | null } | null;
  letter: boolean;
}

export function submission(
  rules: Rules,
  answers: Answers,
  language: string,
  now: string,
  takenAt: Record<string, string> = {},
  helpers: Record<string, string> = {},
): Submission {
  const told: Answers = {};
  for (const key of path(rules, answers, now.slice(0, 10)).keys) told[key] = answers[key] ?? "";
  const phone = told["phone"] === GIVEN ? mobileNumber(rules.country, answers["mobile"] ?? "") : null;
  return {
    language,
    red_flag: Object.keys(told).some((key) => isSign(rules.steps[key], told)),
    claim: claim(rules, told, answers),
    notice_version: rules.country.notice,
    phone,
    sms: phone !== null,
    contacts: contacts(rules, told, answers, phone),
    sharing: told["share"] === "yes",
    complaint: told["complaint"] ?? "other",
    words: told["words"] === GIVEN ? (answers["own_words"] ?? "").trim() : "",
    measurements: readings(rules, Object.keys(told), answers).map(([key, reading]) => ({
      ...reading,
      taken_at: takenAt[key] ?? now,
      ...(helpers[key] && { typed_by: "clerk" as const, assisted_by: helpers[key] }),
    })),
    symptoms: Object.entries(told)
      .filter(([key]) => rules.symptoms.includes(key))
      .map(([question, answer]) => ({ question, answer })),
    choice: choice(told, answers["hold"] ?? ""),
  };
}

function contacts(rules: Rules, told: Answers, answers: Answers, phone: string | null): Contacts {
  const numberOf = (name: string) => telephoneNumber(rules.country, answers[name] ?? "");
  return {
    script: told["letters"] === "latin" ? "latin" : "native",
    voice: told["telephone"] === GIVEN ? numberOf("telephone_number") : told["ring"] === "same" ? phone : null,
    proxy:
      told["proxy_number"] === GIVEN
        ? { name: inOneLine(answers["proxy_first_name"] ?? ""), phone: numberOf("proxy_telephone") }
        : null,
    letter: told["letter"] === "yes",
  };
}

function inOneLine(typed: string): string {
  return typed.trim().split(/\s+/).join(" ");
}

function claim(rules: Rules, told: Answers, answers: Answers): Submission["claim"] {
  const kind = told["number"] === GIVEN ? "egn" : told["foreign"] === GIVEN ? "lnch" : null;
  const identifier = kind ? (answers[kind] ?? "").trim() : null;
  const typed = told["born"] === undefined ? null : birthDate(answers);
  return {
    identifier_kind: kind,
    identifier,
    name: inOneLine(answers["full_name"] ?? ""),
    birth_date: typed ?? (kind && identifier ? birthDateOf(rules.country, kind, identifier) : null),
  };
}

function choice(told: Answers, hold: string): Record<string, string> {
  if (told["when"] !== "later") return { kind: "now" };
  const visit_type_id = told["type"] ?? "";
  if (told["slot"]?.startsWith(WISH)) return { kind: "wish", days: told["slot"].slice(WISH.length), visit_type_id };
  const chosen = { kind: "slot", ...slotParts(told["slot"] ?? ""), visit_type_id };
  return hold ? { ...chosen, hold_id: hold } : chosen;
}

export function slotParts(answer: string): { practitioner_id: string; kiosk_id: string; starts_at: string } {
  const [practitioner_id = "", kiosk_id = "", starts_at = ""] = answer.split("|");
  return { practitioner_id, kiosk_id, starts_at };
}
