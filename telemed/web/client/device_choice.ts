// Which camera, microphone and speaker were chosen on this computer: the browser's own opaque ids, nothing else.

export const KINDS = { camera: "videoinput", microphone: "audioinput", speaker: "audiooutput" } as const;
export type Part = keyof typeof KINDS;
export type Chosen = Partial<Record<Part, string>>;

const KEPT = "telemed.devices";

export function chosen(): Chosen {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Chosen) : {};
  } catch {
    return {};
  }
}

export function choose(part: Part, id: string): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ ...chosen(), [part]: id }));
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

// Why a device could not be opened, as the template words it.
export function trouble(error: unknown): "refused" | "busy" | "gone" {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "gone";
}
