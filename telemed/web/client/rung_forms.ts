// What the doctor does beside a call goes out in the background: a page loaded anew would break the call off, and what
// was written beside the voice would be gone with it.

export class RungForms {
  private busy = false;

  constructor(private readonly root: HTMLElement, private readonly look: () => Promise<void>) {
    root.addEventListener("submit", (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || !form.matches("[data-beside]")) return;
      event.preventDefault();
      if (this.busy) return;
      this.busy = true;
      void this.send(form).finally(() => (this.busy = false));
    });
  }

  // The service answers with a way back to the page; any other answer is its own page and says why.
  private async send(form: HTMLFormElement): Promise<void> {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
    this.root.querySelector("[data-beside-unsent]")?.toggleAttribute("hidden", answer !== null);
    const stale = answer?.status === 409 && form.id === "ask-form";
    this.root.querySelector("[data-beside-stale]")?.toggleAttribute("hidden", !stale);
    if (!answer) return;
    // What the patient has answered meanwhile is shown; the question stays in its field.
    if (stale) return this.look();
    if (answer.type !== "opaqueredirect") return void form.submit();
    form.reset();
    await this.look();
    this.root.querySelector(".dialogue li:last-child")?.scrollIntoView({ block: "nearest" });
  }
}
