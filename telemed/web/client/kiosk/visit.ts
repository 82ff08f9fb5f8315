// From waiting to the doctor's signature: the call's code is loaded here and nowhere before.

import type { CallPanel } from "../call_panel";
import type { Device } from "../device";
import { fill, type Screen } from "./pages";

const LOOK_MS = 3_000;
const TURN_MS = 30_000;

// The call this page was in before it was reloaded; only then is the call's code needed this early.
export async function callBeforeReload(): Promise<string | null> {
  return sessionStorage.length > 0 ? (await import("../call_panel")).rememberedCall() : null;
}

export class Visit {
  private panel: CallPanel | null = null;
  private looking: number | undefined;
  private turning: number | undefined;

  constructor(
    private readonly device: Device,
    private readonly screen: Screen,
    private readonly id: string,
    private readonly over: (signed: boolean) => void,
  ) {}

  async begin(main: HTMLElement): Promise<void> {
    const root = main.querySelector<HTMLElement>("[data-call]");
    if (!root) return;
    const { mountCall } = await import("../call_panel");
    const join = main.querySelector("[data-ready]")?.textContent?.trim();
    this.panel = mountCall(root, {
      role: "patient",
      key: this.id,
      early: true,
      ...(join ? { texts: { join } } : {}),
      getPass: async (nonce) => {
        const asked = () => this.device.fetch("POST", `${this.path}/pass`, { nonce });
        const answer = await this.screen.patiently(asked);
        if (!answer.ok) throw new Error("no pass");
        return answer.json();
      },
    });
    this.looking = setInterval(() => void this.look(), LOOK_MS);
    this.turning = setInterval(() => void this.tellTurn(main), TURN_MS);
    await this.tellTurn(main);
  }

  // Somebody who leaves the screen gives up the place in the queue, unless the doctor is with them already.
  async leave(): Promise<void> {
    this.end();
    await this.device.fetch("POST", `${this.path}/leave`).catch(() => undefined);
  }

  end(): void {
    clearInterval(this.looking);
    clearInterval(this.turning);
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
    if (!answer?.ok || !this.panel) return;
    const { state } = (await answer.json()) as { state: string };
    if (state === "finished" || state === "cancelled") {
      this.end();
      this.over(state === "finished");
    }
  }
}
