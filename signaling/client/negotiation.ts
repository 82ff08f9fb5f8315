// Who offers, who answers, and which connection counts. Only the patient's side offers and restarts.

import type { Leg } from "./leg";
import { newName, type Joined, type Peer, type Role, type Signal } from "./protocol";

export interface Maker {
  // A new connection in place of whatever there was.
  open(name: string): Leg;
  close(): void;
  // Ask for new relay addresses if the ones at hand are old.
  refresh(): Promise<void>;
  say(body: Signal): void;
  // What the doctor's answer carries, and what the patient's side hears from it.
  admits(): string | undefined;
  admitted(visit: string): void;
  // Whoever was there has left for good, or another page of that side has come: it agrees anew, in its answer.
  left(): void;
  turn(state: "waiting" | "connecting", peerHungUp?: boolean): void;
}

export class Negotiation {
  leg: Leg | undefined;
  // Media stopped or the network changed: restart as soon as the line to the other side is back.
  restarting = false;
  // Of another network nothing of the old way proves anything: packets under way still come in.
  private moved = false;
  // The connection was let go on purpose: only another page of the other side, or its wish, makes a new one.
  resting = false;
  private peer: string | undefined;
  private answeredBy: string | undefined;

  constructor(private readonly role: Role, private readonly maker: Maker) {}

  get flowing(): boolean {
    return this.leg?.pc.connectionState === "connected";
  }

  async joined(body: Joined): Promise<void> {
    if (body.peer) await this.arrived(body.peer);
    else if (!this.flowing) this.maker.turn("waiting");
    for (const signal of body.signals) await this.heard(signal);
    await this.restartIfNeeded();
  }

  async met(body: Peer): Promise<void> {
    if (body.here) return this.arrived(body.page);
    if (body.why === "line") {
      if (!this.flowing && !this.resting) this.maker.turn("waiting");
      return;
    }
    this.peer = this.answeredBy = undefined;
    this.maker.left();
    if (this.role === "patient") await this.offerAfresh();
    else this.maker.close();
    this.maker.turn("waiting", body.why === "hung_up");
  }

  async heard(body: Signal): Promise<void> {
    const leg = this.leg?.name === body.leg ? this.leg : undefined;
    if (body.kind === "offer") {
      const answering = leg ?? this.maker.open(body.leg);
      const sdp = await answering.answer(body.sdp);
      this.answeredBy = this.peer;
      const admit = this.maker.admits();
      this.maker.say({ kind: "answer", leg: body.leg, sdp, ...(admit && { admit }) });
      await answering.reread();
    } else if (body.kind === "answer") {
      if (!leg) return;
      if (body.admit) this.maker.admitted(body.admit);
      await leg.accept(body.sdp);
      this.answeredBy = this.peer;
    } else if (body.kind === "candidates") {
      await leg?.candidates(body.candidates);
    } else if (leg) {
      await this.restart();
    } else if (this.role === "patient") {
      await this.offerAfresh();
    }
  }

  async restart(): Promise<void> {
    this.restarting = this.moved = false;
    const leg = this.leg;
    if (!leg?.answered) return;
    await this.maker.refresh();
    if (this.role === "patient") this.maker.say({ kind: "offer", ...(await leg.offer(true)) });
    else this.maker.say({ kind: "restart", leg: leg.name });
  }

  async restartIfNeeded(): Promise<void> {
    if (this.restarting) await this.restart();
  }

  lost(moved: boolean): void {
    this.restarting = true;
    this.moved ||= moved;
  }

  // What has come back by itself needs no restart.
  recovered(): boolean {
    this.restarting &&= this.moved;
    return this.flowing;
  }

  forget(): void {
    this.peer = this.answeredBy = undefined;
    this.restarting = this.resting = false;
  }

  private async arrived(page: string): Promise<void> {
    this.peer = page;
    if (this.answeredBy && this.answeredBy !== page) this.maker.left();
    if ((this.flowing || this.resting) && this.answeredBy === page) return;
    this.maker.turn("connecting");
    if (this.role !== "patient" || (this.leg && !this.leg.answered)) return;
    if (this.leg && this.answeredBy === page) await this.restart();
    else await this.offerAfresh();
  }

  private async offerAfresh(): Promise<void> {
    await this.maker.refresh();
    this.maker.say({ kind: "offer", ...(await this.maker.open(newName()).offer()) });
  }
}
