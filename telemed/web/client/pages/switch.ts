// For somebody with one switch: the focus walks by itself, and Space or Enter takes what it stands on.

import { move } from "../kiosk/ease";

const seconds = Number(document.body.dataset["switch"]);

function walk(): void {
  document.documentElement.dataset["keys"] = "on";
  move(1);
}

if (seconds > 0) {
  let turn = setInterval(walk, seconds * 1000);
  // Whoever has just touched something gets the whole time for the next.
  document.addEventListener("keydown", () => {
    clearInterval(turn);
    turn = setInterval(walk, seconds * 1000);
  });
}
