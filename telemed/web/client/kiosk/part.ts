// What colleagues of the kiosk see of it: a part is told which page is shown and may answer to buttons of its own.

import type { Device } from "../device";
import type { Problem } from "../steps/evaluate";
import type { Answers, Rules } from "../steps/rules";
import type { Idle } from "./idle";
import type { Memory } from "./memory";
import type { Screen } from "./pages";

export type History = "push" | "replace" | "stay";

export interface Room {
  readonly rules: Rules;
  readonly device: Device;
  readonly memory: Memory;
  readonly screen: Screen;
  readonly idle: Idle;
  show(key: string, history: History, found?: Problem[]): Promise<void>;
  // Answers the page that is shown as if its form had been sent with this.
  answer(told: Answers): Promise<void>;
  wipe(): void;
}

export interface Part {
  // A page is in place and filled; the promise keeps nobody waiting but the page's title.
  shown?(main: HTMLElement, key: string): void | Promise<void>;
  // Another page comes, or everything is wiped: end what runs for this one.
  left?(): void;
  // The patient goes: give back what was kept for them.
  gone?(): Promise<void>;
  // Buttons by their data-do.
  acts?: Record<string, (button: HTMLElement) => void>;
}
