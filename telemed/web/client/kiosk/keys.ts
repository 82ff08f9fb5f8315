// The keys on the screen: they type into the field that was touched last.

const NAMES = ["full_name", "proxy_first_name"];

export function bringKeys(main: HTMLElement): void {
  const keys = main.querySelector<HTMLElement>(".keys");
  const inputs = [...main.querySelectorAll<HTMLInputElement>("input:not([type=hidden], [type=radio])")];
  const first = inputs[0];
  if (!keys || !first) return;
  keys.hidden = false;
  let current = inputs.find((input) => input.value === "") ?? first;
  for (const input of inputs) {
    // The page has its own keys; the device's keyboard would cover them.
    input.inputMode = "none";
    input.addEventListener("focus", () => choose(input));
  }
  choose(current);
  const marks = [...keys.querySelectorAll<HTMLElement>("[data-mark]")].map((key) => key.dataset["mark"] ?? "");
  keys.addEventListener("pointerdown", (event) => event.preventDefault());
  keys.addEventListener("click", (event) => {
    const key = event.target instanceof Element ? event.target.closest("button") : null;
    if (!key) return;
    const mark = key.dataset["mark"];
    if (key.dataset["rub"] !== undefined) current.value = rubbed(current.value);
    else if (mark !== undefined) current.value = marked(current.value, mark, marks);
    else if (current.value.length < current.maxLength) current.value += written(current, key.dataset["key"] ?? "");
    current.dispatchEvent(new Event("input", { bubbles: true }));
    if (current.value.length === current.maxLength) moveOn();
  });

  function choose(input: HTMLInputElement): void {
    current = input;
    for (const other of inputs) other.classList.toggle("current", other === input && inputs.length > 1);
  }

  function moveOn(): void {
    const next = inputs[inputs.indexOf(current) + 1];
    if (next?.value === "") next.focus();
  }
}

// Oʻ and Gʻ are one letter each, though two signs.
function rubbed(text: string): string {
  return text.replace(/[^]\u02bb?$/u, "");
}

// A tone joins the vowel before it, in place of the tone that stood there; after anything else nothing happens.
function marked(text: string, mark: string, marks: string[]): string {
  const last = text.slice(-1).normalize("NFD");
  const bare = [...last].filter((sign) => !marks.includes(sign)).join("");
  const made = (bare + mark).normalize("NFC");
  return made.length === 1 && /^[aeiouy]/i.test(bare) ? text.slice(0, -1) + made : text;
}

// Names are typed without a shift key: every word begins with a capital.
function written(input: HTMLInputElement, letter: string): string {
  if (!NAMES.includes(input.name) || input.value === "" || /[\s-]$/.test(input.value)) {
    return input.name === "own_words" && input.value !== "" ? small(letter) : letter;
  }
  return small(letter);
}

// A Turkish I is no English one.
function small(letter: string): string {
  return letter.toLocaleLowerCase(document.documentElement.lang);
}
