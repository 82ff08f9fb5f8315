// The words the two pages say to each other directly, over the data channel "call" of whichever leg there is.

export type Body = Record<string, unknown>;

const LONGEST = 16_384;

export class Channel {
  private readonly hearers = new Map<string, (body: Body) => void>();
  private wire: RTCDataChannel | undefined;

  // One hearer for each word; words of a newer version have none and are no reason to end a call.
  on(word: string, hear: (body: Body) => void): void {
    this.hearers.set(word, hear);
  }

  say(word: string, body: Body = {}): boolean {
    if (this.wire?.readyState !== "open") return false;
    this.wire.send(JSON.stringify({ is: word, ...body }));
    return true;
  }

  carriedBy(wire: RTCDataChannel): void {
    this.wire = wire;
    wire.onmessage = ({ data }) => wire === this.wire && this.heard(data);
  }

  private heard(data: unknown): void {
    if (typeof data !== "string" || data.length > LONGEST) return;
    const body = read(data);
    if (body && typeof body["is"] === "string") this.hearers.get(body["is"])?.(body);
  }
}

function read(text: string): Body | null {
  try {
    const said: unknown = JSON.parse(text);
    return typeof said === "object" && said !== null ? (said as Body) : null;
  } catch {
    return null;
  }
}
