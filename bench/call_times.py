"""From what was noted during a call to figures; pure. Times are milliseconds, nothing means it never came."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

INTERRUPTED = 400.0
"""A voice without longer pauses that is not heard for so long was cut off."""
NEVER = math.inf


def first(times: Sequence[float], since: float) -> float:
    """How long after a moment the first one came."""
    return next((time - since for time in times if time >= since), NEVER)


def back(times: Sequence[float], since: float) -> float:
    """How long after a moment they came back for good: after the last interruption that begins or lasts then.

    What was still under way when the line changed comes before the interruption, and is not counted.
    """
    resumed = [
        later - since
        for before, later in pairwise([-INTERRUPTED * 2, *times])
        if later > since and later - before > INTERRUPTED
    ]
    if resumed:
        return resumed[-1]
    return 0.0 if times and times[-1] > since + 2 * INTERRUPTED else NEVER


def steady(times: Sequence[float], now: float, for_ms: float) -> bool:
    """Whether they have come without an interruption for so long."""
    lately = [now - for_ms, *(time for time in times if time > now - for_ms), now]
    return all(later - before <= INTERRUPTED for before, later in pairwise(lately))


def quality(
    before: Mapping[str, float], after: Mapping[str, float], shown: Sequence[float]
) -> dict[str, float]:
    """What one side heard and saw between two looks at the browser's counts; `shown`: when a picture."""

    def grown(name: str) -> float:
        return float(after.get(name, 0)) - float(before.get(name, 0))

    emitted = grown("in audio jitterBufferEmittedCount")
    sent = grown("in audio packetsReceived") + grown("in audio packetsLost")
    seconds = (after["at"] - before["at"]) / 1000
    during = [time for time in shown if before["at"] < time <= after["at"]]
    return {
        "concealed %": 100
        * grown("in audio concealedSamples")
        / max(1, grown("in audio totalSamplesReceived")),
        "voice packets lost %": 100 * grown("in audio packetsLost") / max(1, sent),
        "jitter buffer ms": 1000 * grown("in audio jitterBufferDelay") / emitted if emitted else NEVER,
        "pictures a second": len(during) / seconds,
        "frozen s": _frozen(during, before["at"], after["at"]),
        "voice target kbit/s": float(after.get("out audio targetBitrate", 0)) / 1000,
        "voice repaired by FEC, packets": grown("in audio fecPacketsReceived"),
    }


def stills(sent: Mapping[str, float], got: Mapping[str, float], begin: float, end: float) -> dict[str, float]:
    """How many of the pictures that went out between two moments came, and how long one was under way."""
    took = [got.get(number, NEVER) - at for number, at in sent.items() if begin <= at < end]
    if not took:
        return {"still ms": NEVER, "stills a minute": 0.0}
    came = [each for each in took if each < NEVER]
    return {"still ms": median(took), "stills a minute": 60_000 * len(came) / (end - begin)}


def _frozen(during: Sequence[float], begin: float, end: float) -> float:
    """Seconds without a new picture, by WebRTC's rule: 150 ms more than usual, and three times as long.

    What comes less often than four times a second is never taken for usual.
    """
    gaps = [later - before for before, later in pairwise([begin, *during, end])]
    usual = min(median(gaps), 250)
    return sum(gap for gap in gaps if gap > max(3 * usual, usual + 150)) / 1000
