// The two pages that try camera, sound and line: at a kiosk, signed by its key; in the clinic, by who is signed in.

import { Device } from "../device";
import { asking } from "../line_asking";
import { Trying } from "../trying";

const place = document.querySelector<HTMLElement>("[data-try]");
const { kiosk } = document.body.dataset;

function poster(address: string, token: string): (body: Record<string, unknown>) => Promise<Response> {
  if (kiosk) {
    const device = new Device(kiosk);
    return (body) => device.fetch("POST", address, body);
  }
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": token };
  return (body) => fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
}

if (place) new Trying(place, asking(poster(place.dataset["address"] ?? "", place.dataset["csrf"] ?? "")));
