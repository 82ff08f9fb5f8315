// The next free times as buttons, from the templates in the page; a time without picture shows why.

interface Time {
  words: string;
  value: string;
  channel: string;
  said: string;
  say: string;
}

interface Day {
  words: string;
  say: string;
  times: Time[];
}

interface Free {
  days: Day[];
  remarks: { channel: string; words: string }[];
  later: string;
  first: boolean;
}

export async function fillSlots(main: HTMLElement, answer: Response, chosen: string | undefined): Promise<void> {
  const place = main.querySelector<HTMLElement>("[data-slots]");
  const dayPattern = place?.querySelector<HTMLTemplateElement>("[data-day]");
  const timePattern = place?.querySelector<HTMLTemplateElement>("[data-time]");
  if (!place || !dayPattern || !timePattern) return;
  const { days, remarks, later, first } = (await answer.json()) as Free;
  place.querySelectorAll(".remark, .day").forEach((shown) => shown.remove());
  for (const remark of remarks) {
    const said = place.querySelector<HTMLTemplateElement>("[data-remark]")?.content.cloneNode(true) as DocumentFragment;
    said.querySelector("span")?.append(remark.words);
    said.querySelector("p")?.prepend(sign(place, remark.channel));
    place.append(said);
  }
  for (const day of days) {
    const section = dayPattern.content.cloneNode(true) as DocumentFragment;
    const heading = section.querySelector("h2");
    heading?.append(day.words);
    if (heading) heading.dataset["say"] = day.say;
    for (const time of day.times) {
      const button = timePattern.content.cloneNode(true) as DocumentFragment;
      const key = button.querySelector("button");
      if (key) fillTime(key, time, place, day, chosen);
      section.querySelector(".times")?.append(button);
    }
    place.append(section);
  }
  place.querySelector("[data-wait]")?.remove();
  const none = place.querySelector<HTMLElement>("[data-none]");
  if (none) none.hidden = days.length > 0;
  main.querySelector("[data-first]")?.toggleAttribute("hidden", first);
  const further = main.querySelector<HTMLElement>("[data-later]");
  if (!further) return;
  further.hidden = !later;
  further.dataset["from"] = later;
}

export interface Kind {
  words: string;
  value: string;
  hint: string;
}

// The kinds of visits as buttons; of a single one nobody has to choose.
export function fillKinds(main: HTMLElement, kinds: Kind[], chosen: string | undefined): void {
  const place = main.querySelector<HTMLElement>("[data-types]");
  const pattern = place?.querySelector<HTMLTemplateElement>("[data-type]");
  for (const kind of kinds) {
    const button = pattern?.content.cloneNode(true) as DocumentFragment;
    const key = button.querySelector("button");
    if (!key) continue;
    key.value = kind.value;
    key.dataset["words"] = kind.words;
    key.classList.toggle("chosen", kind.value === chosen);
    key.querySelector("b")?.replaceWith(kind.words);
    key.querySelector("small")?.append(kind.hint);
    place?.append(button);
  }
  place?.querySelector("[data-wait]")?.remove();
  place?.querySelector("[data-none]")?.toggleAttribute("hidden", kinds.length > 0);
}

function fillTime(key: HTMLButtonElement, time: Time, place: HTMLElement, day: Day, chosen?: string): void {
  key.value = time.value;
  key.textContent = time.words;
  key.dataset["words"] = [day.words, time.words, time.said].filter(Boolean).join(", ");
  key.dataset["say"] = time.say;
  // What was chosen is said later with its day.
  key.dataset["chosen"] = `${day.say}|${time.say}`;
  key.classList.toggle("chosen", time.value === chosen);
  if (!time.channel) return;
  const said = document.createElement("span");
  said.className = "unseen";
  said.textContent = `, ${time.said}`;
  key.append(sign(place, time.channel), said);
}

function sign(place: HTMLElement, channel: string): DocumentFragment {
  const drawn = place.querySelector<HTMLTemplateElement>(`[data-sign="${channel}"]`);
  return (drawn?.content.cloneNode(true) as DocumentFragment | undefined) ?? document.createDocumentFragment();
}
