// Takes away what is one patient's, each thing by its name. What is the device's stays: its key, what it keeps of
// prompts and page shells, what waits sealed for the line, the pairing with its devices. So nothing is cleared here.

import { forgetCall } from "../call_memory";

export function forgetPatient(): void {
  for (const open of document.querySelectorAll("dialog")) open.close();
  for (const medium of document.querySelectorAll<HTMLMediaElement>("video, audio")) silence(medium);
  forgetCall();
  getSelection()?.removeAllRanges();
  // Only where something could have been copied; a browser that refuses has no page of ours in front.
  void navigator.clipboard?.writeText("").catch(() => undefined);
  document.body.replaceChildren();
  document.title = "Telemed";
  delete document.documentElement.dataset["bigger"];
}

function silence(medium: HTMLMediaElement): void {
  medium.pause();
  if (medium.srcObject instanceof MediaStream) for (const track of medium.srcObject.getTracks()) track.stop();
  medium.srcObject = null;
  medium.removeAttribute("src");
}
