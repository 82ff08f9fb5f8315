// The questions that lie over a page: still there, stop, help.

export function dialog(id: string): HTMLDialogElement {
  const found = document.getElementById(id);
  if (!(found instanceof HTMLDialogElement)) throw new Error(`the page has no dialog ${id}`);
  return found;
}

// What is lost by stopping depends on whether anything was sent already.
export function ask(id: string, sent: boolean): void {
  const asked = dialog(id);
  asked.querySelector("[data-before]")?.toggleAttribute("hidden", sent);
  asked.querySelector("[data-after]")?.toggleAttribute("hidden", !sent);
  asked.querySelector("[data-waits]")?.toggleAttribute("hidden", !document.querySelector("main[data-step=waiting]"));
  asked.showModal();
}

export function closeAll(): void {
  document.querySelectorAll("dialog").forEach((open) => open.close());
}
