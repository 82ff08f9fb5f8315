// What a page says, in the order in which it is read: each visible text once, answers with their number.

import { sayValue, type Table } from "./values";

// Stands before a sign that is named by itself; see telemed/web/kiosk_spoken.py.
export const LETTER = "· ";
const UNSPOKEN = ".keys, .unit, .unseen:not([role=status]), svg, template, noscript, [aria-hidden=true], .count, [data-paper]";
const SPELLED = "[data-fill=shown], [data-fill=token]";
const LONGEST_SPELLED = 40;

export interface FieldInfo {
  kind: string;
  code: string;
}

export interface Words {
  language: string;
  table: Table | null;
  field(name: string): FieldInfo | undefined;
}

export interface Saying {
  node: Node;
  texts: string[];
}

export function sayings(root: Element, words: Words): Saying[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const numbered = numbers(root, words);
  const met = new Set<Element>();
  const found: Saying[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const place = node.parentElement;
    if (!place || plain(node) === "" || place.closest(UNSPOKEN) || !place.checkVisibility()) continue;
    const whole = place.closest("[data-say]");
    if (whole && met.has(whole)) continue;
    if (whole) met.add(whole);
    const button = place.closest(".choices .button");
    const number = button && !met.has(button) ? (numbered.get(button) ?? []) : [];
    if (button) met.add(button);
    found.push({ node, texts: [...number, ...textsOf(node, place, words)] });
  }
  return found;
}

function textsOf(node: Node, place: Element, words: Words): string[] {
  const said = place.closest<HTMLElement>("[data-say]")?.dataset["say"];
  if (said !== undefined) return said.split("|").filter(Boolean);
  const field = place.closest<HTMLElement>("[data-field]")?.dataset["field"];
  if (field) return valueTexts(field, plain(node), words);
  if (place.closest(SPELLED)) return spelled(plain(node), words.language);
  return [plain(node)];
}

// A number is said as people say it, everything else sign by sign.
export function valueTexts(name: string, value: string, words: Words): string[] {
  const field = words.field(name);
  if (field?.kind === "text" && value.length > LONGEST_SPELLED) return [];
  const said = field?.kind === "number" && words.table ? sayValue(words.table, words.language, field.code, value) : [];
  return said.length > 0 ? said : spelled(value, words.language);
}

export function spelled(text: string, language: string): string[] {
  const signs = text.normalize("NFC").match(/[\p{L}\p{N}]\u02bb?/gu) ?? [];
  return signs.map((sign) => LETTER + sign.toLocaleUpperCase(language));
}

function plain(node: Node): string {
  return (node.textContent ?? "").replace(/[\s←→]+/g, " ").trim();
}

// The digits that touch an answer are said before it.
function numbers(root: Element, words: Words): Map<Element, string[]> {
  const main = document.getElementById("main");
  const all = [...(main?.querySelectorAll<HTMLElement>(".choices .button") ?? [])].filter((each) => each.checkVisibility());
  const scale = all.some((each) => each instanceof HTMLButtonElement && each.value === "0");
  if (scale || !main || !(root === main || main.contains(root))) return new Map();
  return new Map(all.map((each, place) => [each, spelled(String(place + 1), words.language)]));
}
