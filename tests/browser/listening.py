"""What a patient hears: a browser whose loudspeaker only writes down which sounds were played."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from telemed.prompts.building import BUILT, MANIFEST
from telemed.prompts.prompt import Prompt

# Everything of the real one but the sound, and the time it takes.
LOUDSPEAKER = """
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
window.AudioContext = class extends AudioContext {
  async decodeAudioData(sound) {
    return { hash: hex(await crypto.subtle.digest("SHA-256", sound)) };
  }
  createBufferSource() {
    return {
      connect() {},
      stop() { this.onended?.(); },
      start() { void heard(this.buffer.hash).then(() => this.onended?.()); },
    };
  }
};
"""
PATIENCE_MS = 15_000
STEP_MS = 25


class Ear:
    """Knows every sound by its content, and so what was said."""

    def __init__(self, page: Page, folder: Path = BUILT) -> None:
        entries: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        self._known = {
            entry["sha256"]: Prompt(entry["language"], entry["text"]) for entry in entries.values()
        }
        self._page = page
        self.said: list[Prompt] = []
        page.expose_function("heard", lambda content: self.said.append(self._known[content]))
        page.add_init_script(LOUDSPEAKER)

    def forget(self) -> None:
        """Listen anew."""
        self.said.clear()

    def hears(self, *wanted: Prompt) -> None:
        """Wait until all of this was said, in this order, whatever was said between."""
        for _ in range(PATIENCE_MS // STEP_MS):
            heard = iter(list(self.said))
            if all(any(each == prompt for each in heard) for prompt in wanted):
                return
            self._page.wait_for_timeout(STEP_MS)
        raise AssertionError(f"not heard: {wanted}; but {self.said}")
