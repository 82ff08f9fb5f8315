// What the doctor's pages do without a mouse. Keys are named by their place, so that they are the same on every
// keyboard layout; none does anything while somebody types.

export interface Deeds {
  mute(): void;
  hangUp(): void;
  talks(): boolean;
}

const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPING) !== null;
}

export class Shortcuts {
  constructor(private readonly deeds: () => Deeds | null) {
    document.addEventListener("keydown", (event) => this.pressed(event));
    document.querySelector("[data-shortcuts-open]")?.addEventListener("click", () => this.help());
    const asked = dialog("hang-up");
    asked?.addEventListener("close", () => {
      if (asked.returnValue === "yes") this.deeds()?.hangUp();
    });
  }

  private pressed(event: KeyboardEvent): void {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const act = event.altKey ? this.act(event.code) : event.key === "?" ? () => this.help() : null;
    if (!act) return;
    event.preventDefault();
    act();
  }

  private act(code: string): (() => void) | null {
    if (code === "KeyM") return () => this.deeds()?.mute();
    if (code === "KeyA") return () => document.querySelector<HTMLElement>("[data-admit] button")?.click();
    if (code === "KeyN") return next;
    if (code === "KeyH") return () => this.askWhether();
    return null;
  }

  private askWhether(): void {
    const asked = dialog("hang-up");
    if (!asked || !this.deeds()?.talks()) return;
    asked.returnValue = "";
    asked.showModal();
  }

  private help(): void {
    dialog("shortcuts")?.showModal();
  }
}

// From a case to the list, and from the list to whoever is next.
function next(): void {
  const place = document.querySelector<HTMLAnchorElement>(".next a.button, .back a");
  place?.click();
}

function dialog(name: string): HTMLDialogElement | null {
  return document.querySelector<HTMLDialogElement>(`dialog#${name}`);
}
