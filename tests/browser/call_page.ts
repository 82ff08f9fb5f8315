// The test page's script: the panel as kiosk and clinic use it, and what the tests look at.
import { mountCall, type CallPanel } from "../../telemed/web/client/call_panel";

declare global {
  interface Window {
    panel: CallPanel;
    peers: RTCPeerConnection[];
    sockets: WebSocket[];
    passes: number;
  }
}

const role = document.body.dataset["role"] === "patient" ? "patient" : "practitioner";
const query = new URLSearchParams(location.search);
const room = query.get("room") ?? "";
const root = document.querySelector<HTMLElement>("[data-call]");
if (root) {
  window.panel = mountCall(root, {
    role,
    key: `visit-of-${room}`,
    held: query.has("held"),
    early: query.has("early"),
    kbit: Number(query.get("kbit")) || null,
    getPass: async (nonce) => {
      if (query.has("slow")) await new Promise((resolve) => setTimeout(resolve, 1500));
      window.passes = (window.passes ?? 0) + 1;
      return (await fetch(`/pass/${room}/${role}`, { method: "POST", body: new URLSearchParams({ nonce }) })).json();
    },
  });
}
