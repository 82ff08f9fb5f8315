// The shape of GET /kiosk/pages/rules: the steps and the country as data (telemed/intake/steps, telemed/countries).

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
  measured: boolean;
}

export interface StepRule {
  key: string;
  kind: "choice" | "fields" | "notice" | "types" | "slots" | "review";
  goto: string;
  choices: string[];
  fields: FieldRule[];
  branches: [name: string, value: string, goto: string][];
  sets: [name: string, value: string][];
  identifier: string;
  birthDate: [day: string, month: string, year: string] | null;
  above: [higher: string, lower: string] | null;
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
  steps: Record<string, StepRule>;
  country: CountryRules;
}
