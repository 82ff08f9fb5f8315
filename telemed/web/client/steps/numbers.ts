// Numbers as people type them: the twin of telemed/intake/vitals.py.

export function parseDecimal(typed: string): string | null {
  const match = /^\s*([0-9]{1,6})(?:[.,]([0-9]{1,6}))?\s*$/.exec(typed);
  if (!match?.[1]) return null;
  const whole = match[1].replace(/^0+(?=[0-9])/, "");
  return match[2] ? `${whole}.${match[2]}` : whole;
}
