// How the call panel reaches and fills the parts of its template.

export function part<Kind extends HTMLElement>(root: HTMLElement, selector: string): Kind {
  const found = root.querySelector<Kind>(selector);
  if (!found) throw new Error(`the call panel lacks ${selector}`);
  return found;
}

// Writing the same words again would make a screen reader say them again.
export function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
  if (element.hasAttribute("data-call-notice")) element.hidden = text === "";
}

// From the top, so that the button for emergencies stays in sight where it can.
export function bring(place: HTMLElement): void {
  place.hidden = false;
  scrollTo(0, 0);
  place.scrollIntoView({ block: "nearest" });
}

export function show(video: HTMLVideoElement, stream: MediaStream | null): void {
  if (video.srcObject !== stream) video.srcObject = stream;
}
