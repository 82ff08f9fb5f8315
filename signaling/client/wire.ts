// The socket of one call: opened early, reopened when the line comes back, always rejoined with the seat.

import { io, type Socket } from "socket.io-client";
import type { CallPass, FromClient, FromServer, Join, Joined, Offer, Peer, Refusal, Signal } from "./protocol";

const ANSWER_WITHIN = 1200;
const JOIN_WITHIN = 8000;
const UNSURE_FOR = 2000;
const LONGEST_AWAY = 30_000;

export interface WireEvents {
  joined(body: Joined): void;
  peer(body: Peer): void;
  signal(body: Signal): void;
  refused(why: Refusal): void;
  ended(why: "replaced" | "visit_ended" | "session_ended"): void;
  line(up: boolean): void;
  // What a rejoin must carry, if the other side has not answered it yet.
  pending(): Offer | undefined;
}

export class Wire {
  private readonly socket: Socket<FromServer, FromClient>;
  private seat: string | undefined;
  private joining: Join | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private over = false;

  constructor(pass: CallPass, private readonly events: WireEvents) {
    this.socket = io(pass.url, {
      transports: ["websocket"],
      query: { call: pass.room },
      forceNew: true,
      reconnectionDelay: 300,
      reconnectionDelayMax: 3000,
      timeout: 8000,
    });
    this.socket.on("connect", () => this.connected());
    this.socket.on("disconnect", (reason) => this.disconnected(reason));
    this.socket.on("joined", (body) => this.seated(body));
    this.socket.on("peer", (body) => events.peer(body));
    this.socket.on("signal", (body) => events.signal(body));
    this.socket.on("refused", ({ why }) => this.refused(why));
    this.socket.on("replaced", () => this.end("replaced"));
    this.socket.on("closed", ({ why }) => this.end(why));
    this.socket.on("away", ({ within }) => this.goAway(within));
  }

  join(body: Join): void {
    this.joining = body;
    this.knock();
  }

  signal(body: Signal): void {
    // What is said into a dead line is lost anyway; the rejoin says it anew.
    if (this.socket.connected && this.seat) this.socket.emit("signal", body);
  }

  // Ask whether the line is alive; if not, open a new one at once instead of waiting for the heartbeat.
  async probe(): Promise<boolean> {
    if (this.over) return false;
    try {
      return this.socket.connected && (await this.socket.timeout(ANSWER_WITHIN).emitWithAck("alive"));
    } catch {
      this.reopen();
      return false;
    }
  }

  // The network under the line has changed: it is dead without having noticed.
  reopen(): void {
    if (!this.over) this.socket.disconnect().connect();
  }

  hangUp(): void {
    if (this.socket.connected) this.socket.emit("leave");
    this.shut();
  }

  shut(): void {
    this.over = true;
    clearTimeout(this.again);
    this.socket.disconnect();
  }

  private connected(): void {
    this.events.line(true);
    this.knock();
  }

  private knock(): void {
    if (!this.joining || !this.socket.connected) return;
    clearTimeout(this.again);
    this.again = setTimeout(() => this.knock(), JOIN_WITHIN);
    if (!this.seat) {
      this.socket.emit("join", this.joining);
      return;
    }
    const offer = this.events.pending();
    const { nonce, page } = this.joining;
    this.socket.emit("join", { seat: this.seat, nonce, page, ...(offer && { offer }) });
  }

  private seated(body: Joined): void {
    clearTimeout(this.again);
    this.seat = body.seat;
    this.events.joined(body);
  }

  private refused(why: Refusal): void {
    clearTimeout(this.again);
    // The server may have lost our seat while we had not noticed: knock again with the token.
    if (why === "not_seated" && this.seat) this.knock();
    // The server cannot look up just now whether our seat still stands; it will be able to.
    else if (why === "unsure") this.again = setTimeout(() => this.knock(), UNSURE_FOR * (1 + Math.random()));
    else if (why === "closed") this.end("visit_ended");
    else if (why === "replaced") this.end("replaced");
    else if (why === "session_ended") this.end("session_ended");
    else this.events.refused(why);
  }

  private disconnected(reason: string): void {
    if (this.over) return;
    this.events.line(false);
    // socket.io does not come back by itself when the server closed the line (a restart, or too fast).
    if (reason === "io server disconnect") {
      this.comeBack(500 + Math.random() * 1000);
    }
  }

  // The server's process ends: all its sockets leave now and come back spread over that time, so that the one which
  // takes them is not overrun. The two browsers' connection knows nothing of it.
  private goAway(within: number): void {
    this.socket.disconnect();
    this.comeBack(Math.random() * Math.min(Math.max(Number(within) || 0, 0), LONGEST_AWAY));
  }

  private comeBack(after: number): void {
    setTimeout(() => !this.over && this.socket.connect(), after);
  }

  private end(why: "replaced" | "visit_ended" | "session_ended"): void {
    this.shut();
    this.events.ended(why);
  }
}
