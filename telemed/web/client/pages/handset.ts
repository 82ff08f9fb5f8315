// The simulated phone looks for new messages by itself; without script its link does the same.

const EVERY = 2000;
const link = document.querySelector<HTMLElement>("[data-reload]");
if (link) link.hidden = true;

function parts(page: Document): Map<string, Element> {
  return new Map([...page.querySelectorAll("[data-fresh]")].map((part) => [part.getAttribute("data-fresh") ?? "", part]));
}

// What the server last said of each part; scripts may have changed it since.
const shown = new Map([...parts(document)].map(([name, part]) => [name, part.innerHTML]));

function showLatest(): void {
  const bubbles = document.querySelector("[data-scroll]");
  if (bubbles) bubbles.scrollTop = bubbles.scrollHeight;
}

// A call's sounds follow each other by themselves; a key or the end of the patience goes on, as on any telephone.
const PATIENCE = 8000;
let heard = "";
let waiting = 0;

async function listen(): Promise<void> {
  const call = document.querySelector<HTMLElement>("[data-call]");
  const step = call ? `${call.dataset.call}/${call.dataset.step}` : "";
  if (step === heard) return;
  heard = step;
  clearTimeout(waiting);
  if (!call || call.dataset.call !== "talking") return;
  const sounds = [...call.querySelectorAll<HTMLAudioElement>("[data-sound]")];
  for (const sound of sounds) sound.hidden = true;
  for (const sound of sounds) {
    if (heard !== step) return;
    const over = new Promise((resolve) => {
      sound.addEventListener("ended", resolve, { once: true });
      sound.addEventListener("error", resolve, { once: true });
    });
    try {
      await sound.play();
    } catch {
      // The browser wants a touch first: then its own controls are the way.
      for (const each of sounds) each.hidden = false;
      return;
    }
    await over;
  }
  if (heard !== step) return;
  waiting = setTimeout(
    () => call.querySelector<HTMLElement>("[data-listened]")?.click(),
    call.dataset.asks === "yes" ? PATIENCE : 300,
  );
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
    if (!next || next.innerHTML === shown.get(name)) continue;
    shown.set(name, next.innerHTML);
    part.replaceChildren(...next.childNodes);
    if (name === "bubbles") showLatest();
    if (name === "call") void listen();
  }
}

async function keepLooking(): Promise<never> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, EVERY));
    if (!document.hidden) await look().catch(() => undefined);
  }
}

showLatest();
void listen();
void keepLooking();
