// The simulated phone looks for new messages by itself; without script its link does the same.

const EVERY = 2000;
const link = document.querySelector<HTMLElement>("[data-reload]");
if (link) link.hidden = true;

function parts(page: Document): Map<string, Element> {
  return new Map([...page.querySelectorAll("[data-fresh]")].map((part) => [part.getAttribute("data-fresh") ?? "", part]));
}

function showLatest(): void {
  const bubbles = document.querySelector("[data-scroll]");
  if (bubbles) bubbles.scrollTop = bubbles.scrollHeight;
}

async function look(): Promise<void> {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  // The first message ever brings the keys with it: the whole page is another one then.
  if (Boolean(fresh.querySelector(".handset-keys")) !== Boolean(document.querySelector(".handset-keys"))) {
    location.reload();
    return;
  }
  const now = parts(fresh);
  for (const [name, part] of parts(document)) {
    const next = now.get(name);
    if (!next || next.innerHTML === part.innerHTML) continue;
    part.replaceChildren(...next.childNodes);
    if (name === "bubbles") showLatest();
  }
}

async function keepLooking(): Promise<never> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, EVERY));
    if (!document.hidden) await look().catch(() => undefined);
  }
}

showLatest();
void keepLooking();
