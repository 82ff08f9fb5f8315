// Says what openMedia makes of browsers that refuse, lack or cannot open their devices.
import { openMedia } from "../../../telemed/web/client/stand_in";

globalThis.MediaStream = class {
  constructor(kinds = []) {
    this.kinds = kinds;
  }
  getVideoTracks() {
    return this.kinds.filter((kind) => kind === "video");
  }
  getAudioTracks() {
    return this.kinds.filter((kind) => kind === "audio");
  }
};

async function withDevices(answer) {
  const getUserMedia = async (wish) => {
    const kinds = Object.keys(wish);
    const error = answer(kinds);
    if (error) throw new DOMException("", error);
    return new MediaStream(kinds);
  };
  Object.defineProperty(globalThis, "navigator", { value: { mediaDevices: { getUserMedia } }, configurable: true });
  return (await openMedia(null)).missing;
}

const film = (error) => (kinds) => (kinds.includes("video") ? error : "");
console.log(
  JSON.stringify({
    both: await withDevices(() => ""),
    refused: await withDevices(() => "NotAllowedError"),
    none: await withDevices(() => "NotFoundError"),
    no_camera: await withDevices(film("NotFoundError")),
    camera_refused: await withDevices(film("NotAllowedError")),
    camera_busy: await withDevices(film("NotReadableError")),
  }),
);
