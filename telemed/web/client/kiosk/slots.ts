// The next free times as buttons, from the templates in the page.

interface Days {
  days: { words: string; times: { words: string; value: string }[] }[];
}

export async function fillSlots(main: HTMLElement, answer: Response, chosen: string | undefined): Promise<void> {
  const place = main.querySelector<HTMLElement>("[data-slots]");
  const dayPattern = place?.querySelector<HTMLTemplateElement>("[data-day]");
  const timePattern = place?.querySelector<HTMLTemplateElement>("[data-time]");
  if (!place || !dayPattern || !timePattern) return;
  const { days } = (await answer.json()) as Days;
  for (const day of days) {
    const section = dayPattern.content.cloneNode(true) as DocumentFragment;
    section.querySelector("h2")?.append(day.words);
    for (const time of day.times) {
      const button = timePattern.content.cloneNode(true) as DocumentFragment;
      const key = button.querySelector("button");
      if (key) {
        key.value = time.value;
        key.textContent = time.words;
        key.dataset["words"] = `${day.words}, ${time.words}`;
        key.classList.toggle("chosen", time.value === chosen);
      }
      section.querySelector(".times")?.append(button);
    }
    place.append(section);
  }
  place.querySelector("[data-wait]")?.remove();
  const none = place.querySelector<HTMLElement>("[data-none]");
  if (none) none.hidden = days.length > 0;
}
