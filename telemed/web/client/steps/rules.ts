// The steps and the country as data (telemed/intake/steps, telemed/countries), as GET /kiosk/pages/rules sends them
// and as the evaluator has them: what is usual does not travel.

export type Answers = Record<string, string>;

export interface FieldRule {
  name: string;
  kind: "digits" | "number" | "text" | "phone" | "telephone" | "code";
  low: number | null;
  high: number | null;
  decimals: number;
  shortest: number;
  longest: number;
  required: boolean;
  measures?: string;
  other?: OtherUnit;
}

export interface OtherUnit {
  ucum: string;
  factor: number;
  shift: number;
  low: number;
  high: number;
  decimals: number;
}

export interface Measuring {
  device?: string;
  sent?: FieldRule[];
  observes?: string;
  lacks?: string[];
  offScale?: [choice: string, flag: string][];
  detailOf?: string;
  flags?: [name: string, value: string, flag: string][];
}

export interface OnlyIf {
  answer?: [name: string, values: string[]];
  notSent?: string;
  beyond?: string[];
  fewerThan?: number;
}

export interface StepRule {
  key: string;
  kind: "choice" | "scale" | "fields" | "notice" | "types" | "slots" | "review" | "rest" | "count" | "reading";
  goto: string;
  idle: "ask" | "presence";
  choices: string[];
  fields: FieldRule[];
  branches: [name: string, value: string, goto: string][];
  sets: [name: string, value: string][];
  identifier: string;
  birthDate: [day: string, month: string, year: string] | null;
  above: [higher: string, lower: string] | null;
  same?: [repeated: string, first: string][];
  measuring?: Measuring;
  onlyIf?: OnlyIf;
  seconds?: number;
  sign?: string;
}

export interface IdentifierRule {
  digits: number;
  weights: number[];
  moduli: number[];
  months: [plus: number, century: number][];
}

export interface CountryRules {
  prefix: string;
  trunk: string;
  mobile: string;
  landline: string;
  notice: string;
  missing: [first: string, last: string][];
  identifiers: Record<string, IdentifierRule>;
}

export interface Rules {
  first: string;
  last: string;
  symptoms: string[];
  steps: Record<string, StepRule>;
  country: CountryRules;
  // Beyond these limits something is measured a second time; null where there is no such end.
  again: Record<string, [low: number | null, high: number | null]>;
  // Of what is seen and no number, the answer that is no reason to look at once.
  usual: Record<string, string>;
  decimals: Record<string, number>;
}

type SentField = Pick<FieldRule, "name"> & Partial<Omit<FieldRule, "other">> & { other?: Partial<OtherUnit> };

export interface SentRules extends Omit<Rules, "steps"> {
  steps: (Pick<StepRule, "key"> &
    Partial<Omit<StepRule, "fields" | "measuring">> & {
      fields?: SentField[];
      measuring?: Omit<Measuring, "sent"> & { sent?: SentField[] };
    })[];
}

// The twins of USUAL, USUAL_FIELD and USUAL_UNIT in telemed/intake/steps/form.py.
const USUAL = {
  kind: "choice" as const,
  choices: [],
  sets: [],
  branches: [],
  identifier: "",
  birthDate: null,
  above: null,
  idle: "ask" as const,
};
const USUAL_FIELD = {
  kind: "number" as const,
  low: null,
  high: null,
  decimals: 0,
  shortest: 1,
  longest: 6,
  required: true,
};
const USUAL_UNIT = { shift: 0, decimals: 0 };

// In place of what was left out stands what it means.
export function whole(sent: SentRules): Rules {
  const steps = sent.steps.map((step, place) => {
    const { fields = [], measuring, ...rest } = step;
    return {
      ...USUAL,
      goto: sent.steps[place + 1]?.key ?? "",
      ...rest,
      fields: fields.map(field),
      ...(measuring && { measuring: { ...measuring, sent: (measuring.sent ?? []).map(field) } }),
    };
  });
  return { ...sent, steps: Object.fromEntries(steps.map((step) => [step.key, step])) };
}

function field(sent: SentField): FieldRule {
  return { ...USUAL_FIELD, ...sent, ...(sent.other && { other: { ...USUAL_UNIT, ...sent.other } }) } as FieldRule;
}
