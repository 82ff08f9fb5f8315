// From waiting to the doctor's signature: the call's code is loaded here and nowhere before.

import { rememberedCall } from "../call_memory";
import type { CallPanel } from "../call_panel";
import type { Device } from "../device";
import type { Idle } from "./idle";
import { WANTED, type Wanted } from "./again";
import { BELOW, type Below } from "./written";
import { isFresh } from "./idle_rules";
import { fill, type Screen } from "./pages";

const LOOK_MS = 3_000;
const TURN_MS = 30_000;
// Looks in a row in which the page was let in and the service knows of no doctor: then the call is closed.
const UNCONFIRMED_LOOKS = 3;

export class Visit {
  private panel: CallPanel | null = null;
  private looking: number | undefined;
  private turning: number | undefined;
  private saidAt: number | null = null;
  private asking = false;
  private unconfirmed = 0;
  private below: Pick<Below, "rung" | "phone"> = { rung: "", phone: null };
  // How near the doctor is; asked once at each of them, unless somebody has just said to be there.
  private coming: "" | "called" | "here" = "";

  constructor(
    private readonly device: Device,
    private readonly screen: Screen,
    private readonly idle: Idle,
    private readonly id: string,
    private readonly over: (signed: boolean) => void,
  ) {}

  async begin(main: HTMLElement): Promise<void> {
    this.looking = setInterval(() => void this.look(), LOOK_MS);
    this.turning = setInterval(() => void this.tellTurn(main), TURN_MS);
    if (rememberedCall() === this.id) await this.mount(main);
    else asked(main).hidden = false;
    await this.tellTurn(main);
  }

  // Who is in the room is said before anybody is let in, and camera and microphone open only after this tap.
  async ready(main: HTMLElement, company: string): Promise<void> {
    await Promise.all([this.say({ company }), this.mount(main)]);
  }

  private async mount(main: HTMLElement): Promise<void> {
    const root = main.querySelector<HTMLElement>("[data-call]");
    if (!root) return;
    const { mountCall } = await import("../call_panel");
    asked(main).hidden = true;
    main.querySelector("[data-call-place]")?.removeAttribute("hidden");
    if (this.panel) return this.panel.join();
    this.panel = mountCall(root, {
      role: "patient",
      key: this.id,
      autoJoin: true,
      onState: (state) => {
        if (state === "hung_up" && this.coming !== "here") this.notYet(main);
      },
      tell: async (body) => (await this.device.fetch("POST", `${this.path}/quality`, body)).status,
      getPass: async (nonce) => {
        const asking = () => this.device.fetch("POST", `${this.path}/pass`, { nonce });
        const answer = await this.screen.patiently(asking);
        if (!answer.ok) throw new Error("no pass");
        return answer.json();
      },
    });
  }

  // The patient takes the agreement back: camera off, and asked again when they are ready.
  private notYet(main: HTMLElement): void {
    main.querySelector("[data-call-place]")?.setAttribute("hidden", "");
    asked(main).hidden = false;
    asked(main).querySelector<HTMLElement>("button")?.focus();
  }

  // Somebody who leaves the screen gives up the place in the queue, unless the doctor is with them already.
  async leave(): Promise<void> {
    this.end();
    await this.device.fetch("POST", `${this.path}/leave`).catch(() => undefined);
  }

  end(): void {
    clearInterval(this.looking);
    clearInterval(this.turning);
    this.looking = undefined;
    this.panel?.dispose();
    this.panel = null;
  }

  // Which number this is, how many are before it, and how long it takes: as far as anybody can say;
  // and whether it is worth going home.
  private async tellTurn(main: HTMLElement): Promise<void> {
    const address = `/api/v1/wait?lang=${this.screen.language}`;
    const answer = await this.device.fetch("GET", address).catch(() => null);
    if (!answer?.ok) return;
    const turn = (await answer.json()) as Record<string, string>;
    fill(main, turn);
    main.querySelector("[data-turn]")?.toggleAttribute("hidden", !turn["token"]);
    main.querySelector('[data-do="home"]')?.toggleAttribute("hidden", !turn["home"]);
  }

  private get path(): string {
    return `/api/v1/visits/${this.id}`;
  }

  private async look(): Promise<void> {
    const answer = await this.device.fetch("GET", this.path).catch(() => null);
    if (this.looking === undefined) return;
    // The place was taken up at another kiosk: here nothing of this visit goes on.
    if (answer?.status === 404) return this.finish(false);
    if (!answer?.ok) return;
    const told = (await answer.json()) as { state: string; rings: boolean; again: Wanted | null; clerk: boolean } & Below;
    const { state, rings } = told;
    this.screen.main.dispatchEvent(new CustomEvent(WANTED, { detail: told.again }));
    this.screen.main.dispatchEvent(new CustomEvent<Below>(BELOW, { detail: told }));
    if (state === "finished" || state === "cancelled") return this.finish(state === "finished");
    this.tellClerk(told.clerk);
    this.stepBelow(told);
    this.doubt(state);
    const before = this.coming;
    this.coming = state === "in_progress" ? "here" : rings ? "called" : "";
    const comes = this.coming && this.coming !== before && told.rung !== "written";
    if (comes && !isFresh(this.saidAt, performance.now())) await this.askWhetherHere();
  }

  private finish(signed: boolean): void {
    this.end();
    this.over(signed);
  }

  // The doctor has ended the call at once: it ends here too, and comes back only by another tap.
  private tellClerk(comes: boolean): void {
    const line = this.screen.main.querySelector<HTMLElement>("[data-clerk-comes]");
    if (!line || line.hidden === !comes) return;
    line.hidden = !comes;
    if (!comes) return;
    this.panel?.hangUp();
    this.notYet(this.screen.main);
  }

  // By telephone the two hear each other there: heard here as well it would howl. Whoever may go home, because the
  // doctor answers in writing, is seen and heard no more.
  private stepBelow({ rung, phone }: Below): void {
    const [before, { main }] = [this.below, this.screen];
    this.below = { rung, phone };
    if ((phone === "talking") !== (before.phone === "talking")) this.panel?.pause(phone === "talking", true);
    if ((rung === "written") === (before.rung === "written")) return;
    main.toggleAttribute("data-writes", rung === "written");
    if (rung !== "written") return this.panel ? this.notYet(main) : undefined;
    if (this.panel && this.panel.state !== "hung_up") this.panel.hangUp();
    main.querySelector<HTMLElement>("[data-written-says]:not([hidden]) h2")?.focus();
  }

  // The doctor's page lets itself in and tells the service at the same time; if the service never hears of it,
  // the call is closed and the patient is asked again.
  private doubt(state: string): void {
    const alone = this.panel?.state === "connected" && state === "waiting";
    this.unconfirmed = alone ? this.unconfirmed + 1 : 0;
    if (this.unconfirmed >= UNCONFIRMED_LOOKS) this.panel?.hangUp();
  }

  // The doctor is coming: until somebody has said to be there, nobody is seen or heard.
  private async askWhetherHere(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    this.panel?.pause(true);
    await this.idle.ask("turn");
    this.panel?.pause(false);
    this.asking = false;
    await this.say({});
  }

  private async say(body: { company?: string }): Promise<void> {
    this.saidAt = performance.now();
    await this.device.fetch("POST", `${this.path}/here`, body).catch(() => undefined);
  }
}

function asked(main: HTMLElement): HTMLElement {
  const place = main.querySelector<HTMLElement>("[data-company-asked]");
  if (!place) throw new Error("the page does not ask who is in the room");
  return place;
}
