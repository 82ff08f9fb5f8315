// Requests signed with the kiosk's own key, which enrol.ts made and nobody can read out of this browser.

const DATABASE = "telemed-device";
const STORE = "keys";
const KEY = "device";

export class NotEnrolled extends Error {}

export class Device {
  private key: Promise<CryptoKey> | undefined;

  constructor(private readonly kioskId: string) {}

  async known(): Promise<void> {
    this.key ??= readKey();
    await this.key;
  }

  async fetch(method: string, path: string, body?: unknown, beside: Record<string, string> = {}): Promise<Response> {
    const [address, query] = path.split("?", 2);
    const text = body === undefined ? "" : JSON.stringify(body);
    const headers: Record<string, string> = { ...beside, "Telemed-Device": await this.proof(method, address ?? path, text) };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    return fetch(query ? `${address}?${query}` : path, {
      method,
      headers,
      credentials: "omit",
      cache: "no-store",
      ...(body === undefined ? {} : { body: text }),
    });
  }

  private async proof(method: string, path: string, body: string): Promise<string> {
    this.key ??= readKey();
    const seconds = Math.floor(Date.now() / 1000);
    const message = [method, path, seconds, await sha256(body)].join("\n");
    const algorithm = { name: "ECDSA", hash: "SHA-256" };
    const signature = await crypto.subtle.sign(algorithm, await this.key, new TextEncoder().encode(message));
    return `v1 ${this.kioskId} ${seconds} ${base64url(new Uint8Array(signature))}`;
  }
}

async function readKey(): Promise<CryptoKey> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await settled(opening);
  const key: unknown = await settled(database.transaction(STORE).objectStore(STORE).get(KEY));
  database.close();
  if (!(key instanceof CryptoKey)) throw new NotEnrolled("this browser has no key; enrol the kiosk again");
  return key;
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  });
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
