// Larger letters for this patient, and the whole kiosk by keys alone: arrows move, a digit touches the answer of its number.

const SIZES = ["100", "125", "150", "200"];
const TARGETS = "a[href], button, input:not([type=hidden])";

export function makeEasy(): void {
  const root = document.documentElement;
  const bigger = document.querySelector<HTMLElement>("[data-do=bigger]");
  if (bigger) bigger.hidden = false;
  bigger?.addEventListener("click", () => {
    const next = (SIZES.indexOf(root.dataset["bigger"] ?? "100") + 1) % SIZES.length;
    root.dataset["bigger"] = SIZES[next];
  });
  // The next patient begins with the usual size.
  addEventListener("pagehide", () => delete root.dataset["bigger"]);
  document.addEventListener("keydown", (event) => pressed(event));
}

function pressed(event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  const typing = event.target instanceof HTMLInputElement;
  const way = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  // Numbers beside the answers help only those who have keys.
  if (way || event.key === "Tab") document.documentElement.dataset["keys"] = "on";
  const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
  if (way && !(typing && sideways)) {
    event.preventDefault();
    move(way);
  } else if (!typing && /^[0-9]$/.test(event.key)) {
    answerOf(event.key)?.click();
  }
}

// Within what can be touched now: an open question of the page stands before everything else.
export function targets(): HTMLElement[] {
  const place: ParentNode = document.querySelector("dialog[open]") ?? document;
  const found = [...place.querySelectorAll<HTMLElement>(TARGETS)].filter((each) => each.checkVisibility());
  const main = document.getElementById("main");
  // The question comes first, the ways out after it, the emergency button last.
  const rank = (each: HTMLElement) => (main?.contains(each) ? 0 : each.closest("header") ? 2 : 1);
  return found.sort((one, other) => rank(one) - rank(other));
}

export function move(way: number): void {
  const all = targets();
  const here = all.indexOf(document.activeElement as HTMLElement);
  const next = here < 0 ? (way > 0 ? 0 : all.length - 1) : (here + way + all.length) % all.length;
  all[next]?.focus();
}

function answerOf(digit: string): HTMLElement | undefined {
  if (document.querySelector("dialog[open]")) return undefined;
  const answers = [...document.querySelectorAll<HTMLElement>("#main .choices .button")].filter((each) => each.checkVisibility());
  const said = answers.find((each) => each instanceof HTMLButtonElement && each.value === digit);
  return said ?? answers[Number(digit) - 1];
}
