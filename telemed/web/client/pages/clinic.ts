// The doctor's pages: a fresh list, a draft that saves itself, the call, and the button that prints.

import type { CallPanel } from "../call_panel";
import { NoteKeeper } from "../note_keeper";
import { Ringer } from "../ringer";
import { RungForms } from "../rung_forms";
import { Shortcuts } from "../shortcuts";
import { WaitingList } from "../clinic_list";

const listed: WaitingList[] = [];
const list = document.querySelector<HTMLElement>("[data-list]");
if (list) {
  listed.push(new WaitingList(list, document.querySelector("[data-list-said]"), document.querySelector("[data-list-trouble]")));
}

// A further value beyond a limit, or a colleague who has seen it, shows itself on an open case.
const alarm = document.querySelector<HTMLElement>("[data-alarm]");
if (alarm) listed.push(new WaitingList(alarm, document.querySelector("[data-alarm-said]"), null));

// The ways below a call change by themselves: it rings, the patient answers, the clerk comes or does not.
function followRungs(): void {
  const rungs = document.querySelector<HTMLElement>("[data-rungs]");
  if (rungs) {
    const shown = new WaitingList(rungs, null, null);
    new RungForms(rungs.parentElement ?? rungs, () => shown.look());
  }
  const clerk = document.querySelector<HTMLElement>("[data-clerk]");
  if (clerk) new WaitingList(clerk, null, null);
}
followRungs();

const page = document.querySelector<HTMLElement>("[data-case]");
const csrf = page?.dataset["csrf"] ?? "";
const form = document.querySelector<HTMLFormElement>("[data-note-form]");
let keeper = form ? new NoteKeeper(form, csrf) : null;
let callPanel: CallPanel | null = null;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  const act = form.matches("[data-identity]") ? confirmIdentity : form.matches("[data-admit]") ? admit : null;
  if (!act) return;
  event.preventDefault();
  void act(form);
});

// Both at once: the other page is told directly, the service beside it; if the service says no, it is taken back.
async function admit(asked: HTMLFormElement): Promise<void> {
  const pressed = asked.querySelector("button");
  if (pressed?.disabled) return void asked.submit();
  pressed?.setAttribute("disabled", "");
  // The call's code is on its way: a page loaded anew would only ask for it once more.
  await opened;
  if (!callPanel) return void asked.submit();
  callPanel.admit(page?.dataset["visit"] ?? "");
  const body = new URLSearchParams({ ...token(), in_call: "yes" });
  const answer = await fetch(asked.action, { method: "POST", body }).catch(() => null);
  const fresh = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  if (!fresh?.querySelector("[data-note-form]")) {
    callPanel.hold();
    return void asked.submit();
  }
  // A colleague may have come near after us: now the seat is ours again.
  if (callPanel.state === "replaced") void callPanel.join();
  for (const selector of [".case-head", ".case-work"]) {
    const now = fresh.querySelector(selector);
    if (now) document.querySelector(selector)?.replaceWith(now);
  }
  const note = document.querySelector<HTMLFormElement>("[data-note-form]");
  if (note) keeper = new NoteKeeper(note, csrf);
  followRungs();
  document.querySelector<HTMLElement>("[data-identity] button, #note textarea")?.focus();
}

// Confirming who it is must not cost a call or a word: the form is sent in the background.
async function confirmIdentity(asked: HTMLFormElement): Promise<void> {
  await keeper?.flush();
  const answer = await fetch(asked.action, { method: "POST", body: new URLSearchParams(token()) });
  if (!answer.ok) return void asked.submit();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const selector of [".case-head", ".case-known"]) {
    const now = fresh.querySelector(selector);
    if (now) document.querySelector(selector)?.replaceWith(now);
  }
  for (const notice of fresh.querySelectorAll("main > .notice")) document.querySelector("[data-case]")?.before(notice);
  asked.closest("section")?.remove();
  document.querySelector<HTMLElement>("#note textarea")?.focus();
}

// A part of the page that a form changes comes anew without costing a call or a word.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset["part"]) return;
  event.preventDefault();
  void renew(form, event.submitter);
});

async function renew(asked: HTMLFormElement, pressed: HTMLElement | null): Promise<void> {
  const body = new URLSearchParams(token());
  for (const [name, value] of new FormData(asked, pressed)) if (typeof value === "string") body.set(name, value);
  const part = asked.dataset["part"] ?? "";
  const answer = await fetch(asked.action, { method: "POST", body });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(part);
  // A conflict comes with the part as it stands now, and says what happened.
  if (!fresh || !(answer.ok || answer.status === 409)) return void asked.submit();
  document.querySelector(part)?.replaceChildren(...fresh.children);
  for (const each of listed) each.renewed();
  document.querySelector<HTMLElement>(`${part} h2`)?.focus();
}

function token(): Record<string, string> {
  const field = document.querySelector<HTMLInputElement>('input[name="csrf_token"]');
  return { csrf_token: field?.value ?? csrf };
}

const IN_CALL_MS = 5 * 60_000;

const call = document.querySelector<HTMLElement>("[data-call]");
const opened = page && call ? openCall(page, call).catch(() => undefined) : undefined;

// The call's code is loaded only where there is a call.
async function openCall(visit: HTMLElement, panel: HTMLElement): Promise<void> {
  const { mountCall, DevicePicker, chosen } = await import("../doctors_call");
  const post = (address: string, more: Record<string, string> = {}) =>
    fetch(address, { method: "POST", body: new URLSearchParams({ ...token(), ...more }) });
  let beat: number | undefined;
  callPanel = mountCall(panel, {
    role: "practitioner",
    key: visit.dataset["visit"] ?? "",
    early: true,
    held: visit.hasAttribute("data-held"),
    autoJoin: visit.hasAttribute("data-auto-join"),
    wished: chosen,
    tell: async (body) => {
      const headers = { "Content-Type": "application/json", "X-CSRF-Token": token()["csrf_token"] ?? "" };
      const about = { method: "POST", headers, body: JSON.stringify(body), keepalive: true };
      return (await fetch(`/clinic/visits/${visit.dataset["visit"]}/quality`, about)).status;
    },
    getPass: async (nonce) => {
      const answer = await post(visit.dataset["pass"] ?? "", { nonce });
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    },
    onState: (state) => {
      if (state === "hung_up" && !ending) void post(visit.dataset["hangUp"] ?? "");
      window.clearInterval(beat);
      // Who talks and types nothing is there all the same; without this the session would end unused.
      const talks = state === "connected" || state === "interrupted";
      beat = talks ? window.setInterval(() => void post(visit.dataset["inCall"] ?? "").catch(() => {}), IN_CALL_MS) : undefined;
    },
  });
  const devices = document.querySelector<HTMLElement>("[data-devices]");
  if (devices) new DevicePicker(devices, callPanel);
}

// A form that ends the call ends it first; the service hears of both at once.
let ending = false;
document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || !event.target.matches("[data-ends-call]")) return;
  ending = true;
  if (callPanel && callPanel.state !== "idle") callPanel.hangUp();
});

const ringer = document.querySelector<HTMLElement>("[data-ringer]");
const talks = () => callPanel?.state === "connected" || callPanel?.state === "interrupted";
if (ringer && typeof AudioContext !== "undefined") new Ringer(ringer, talks);

new Shortcuts(() =>
  callPanel && {
    mute: () => call?.querySelector<HTMLElement>("[data-call-mute]:not([hidden])")?.click(),
    hangUp: () => callPanel?.hangUp(),
    talks,
  },
);

const print = document.querySelector<HTMLButtonElement>("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

document.querySelector<HTMLElement>('[role="alert"][tabindex]')?.focus();
