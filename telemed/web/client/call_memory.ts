// Which call this tab is in, by an opaque name: a page that was reloaded in the middle of it joins again.

const MEMORY = "telemed-call";

export function rememberCall(key: string): void {
  sessionStorage.setItem(MEMORY, key);
}

export function rememberedCall(): string | null {
  return sessionStorage.getItem(MEMORY);
}

export function forgetCall(): void {
  sessionStorage.removeItem(MEMORY);
}
