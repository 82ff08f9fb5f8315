// The sounds of a language, fetched chapter by chapter in the order of the way, whatever is answered: no request
// tells what was asked or measured. A sound can be heard as soon as it has come; the browser keeps all of them.

import type { Table } from "./values";

const HEAD = 17;
const NAME = 12;
const TRIES = 5;
const AGAIN_MS = 4_000;
const letters = new TextDecoder();

export class Sounds {
  private readonly found = new Map<string, Uint8Array | string[]>();
  table: Table | null = null;
  private tell: () => void = () => undefined;
  private news = this.soon();
  private over = false;
  private begun = false;

  constructor(private readonly address: string, private readonly chapters: string[]) {}

  begin(): void {
    if (this.begun) return;
    this.begun = true;
    void this.load();
  }

  // What says a shown text, in pieces; nothing when nobody has spoken it.
  async of(text: string): Promise<ArrayBuffer[]> {
    const name = await nameOf(text);
    while (!this.found.has(name) && !this.over) await this.news;
    const found = this.found.get(name);
    const names = Array.isArray(found) ? found : [name];
    const sounds = names.map((each) => this.found.get(each));
    // A sentence with a hole in it would say something else.
    if (!sounds.every((each) => each instanceof Uint8Array)) return [];
    return sounds.map((each) => (each as Uint8Array).slice().buffer as ArrayBuffer);
  }

  async numbers(): Promise<Table | null> {
    while (!this.table && !this.over) await this.news;
    return this.table;
  }

  private async load(): Promise<void> {
    for (const chapter of this.chapters) {
      for (let left = TRIES; left > 0; left -= 1) {
        if (await this.fetch(`${this.address}/${chapter}`).catch(() => false)) break;
        await new Promise((go) => setTimeout(go, AGAIN_MS));
      }
    }
    this.over = true;
    this.tell();
  }

  private async fetch(address: string): Promise<boolean> {
    const answer = await fetch(address, { credentials: "omit" });
    const reader = answer.ok ? answer.body?.getReader() : undefined;
    let rest = new Uint8Array(0);
    while (reader) {
      const { done, value } = await reader.read();
      if (done) return true;
      rest = this.take(joined(rest, value));
    }
    // A page of an older edition: its sounds are gone, and asking again brings nothing.
    return answer.status === 404;
  }

  // Keeps every record that is complete, and gives back what is not yet.
  private take(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    let start = 0;
    while (bytes.length >= start + HEAD) {
      const size = new DataView(bytes.buffer, bytes.byteOffset + start + NAME + 1).getUint32(0);
      const end = start + HEAD + size;
      if (bytes.length < end) break;
      this.keep(letters.decode(bytes.subarray(start, start + HEAD)), bytes.slice(start + HEAD, end));
      start = end;
    }
    if (start > 0) {
      this.tell();
      this.news = this.soon();
    }
    return bytes.slice(start) as Uint8Array<ArrayBuffer>;
  }

  private keep(head: string, content: Uint8Array): void {
    const [name, kind] = [head.slice(0, NAME), head[NAME]];
    if (kind === "t") this.table = JSON.parse(letters.decode(content)) as Table;
    else if (kind === "l") this.found.set(name, letters.decode(content).match(/.{12}/g) ?? []);
    else this.found.set(name, content);
  }

  private soon(): Promise<void> {
    return new Promise((tell) => (this.tell = tell));
  }
}

async function nameOf(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...hash.subarray(0, NAME / 2)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
