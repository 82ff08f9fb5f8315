// Measured values in pieces of speech: the rules are a table that came with the sounds (telemed/prompts/values.py).

export interface Table {
  whole: string[][];
  tenths: string[];
  easy: string[];
  easyFor: string[];
  before: Record<string, string>;
  units: Record<string, Record<string, string>>;
}

export function sayValue(table: Table, language: string, code: string, typed: string): string[] {
  const match = /^([0-9]{1,3})(?:[.,]([0-9]))?$/.exec(typed.trim());
  const [whole, tenth] = [Number(match?.[1]), Number(match?.[2] ?? 0)];
  const number = table.whole[whole];
  if (!match || !number) return [];
  const easy = table.easyFor.includes(code) && (whole % 10 !== 0 || whole < 10);
  const behind = tenth ? ((easy ? table.easy : table.tenths)[tenth - 1] ?? "") : "";
  return [table.before[code] ?? "", ...number, behind, unit(table.units[code] ?? {}, language, whole, tenth)].filter(Boolean);
}

function unit(counted: Record<string, string>, language: string, whole: number, tenth: number): string {
  if (tenth && counted["part"] !== undefined) return counted["part"];
  const category = new Intl.PluralRules(language).select(whole + tenth / 10);
  return counted[category] ?? counted["other"] ?? "";
}
