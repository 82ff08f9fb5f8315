// How a page asks the service for the line probe: the relays, and the answer to its offer.

import { Busy, type Asked } from "../../../signaling/client/probe";

const AGAIN_S = 10;

export function asking(post: (body: Record<string, unknown>) => Promise<Response>): Asked {
  return {
    async relays() {
      return ((await told(await post({}))) as { ice: RTCIceServer[] }).ice;
    },
    async answer(sdp) {
      return (await told(await post({ sdp }))) as RTCSessionDescriptionInit;
    },
  };
}

async function told(answer: Response): Promise<unknown> {
  if (answer.status === 503) throw new Busy(Number(answer.headers.get("Retry-After")) || AGAIN_S);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
