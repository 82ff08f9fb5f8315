"""The lines of villages as numbers: what a kiosk's access link carries, delays and loses."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """One access link, the same both ways: `loss` of its packets are lost, `burst` in a row on average.

    `queue_ms` is how much may wait before a packet falls off the tail; half of `rtt_ms` is added each way.
    """

    name: str
    kbit: int
    rtt_ms: int
    loss: float = 0.0
    burst: float = 1.0
    jitter_ms: float = 0.0
    queue_ms: int = 300

    @property
    def bytes_per_second(self) -> float:
        """How fast the line takes bytes."""
        return self.kbit * 125.0


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("good", 20_000, 20, jitter_ms=1, queue_ms=200),
        Profile("3g", 1_600, 150, loss=0.01, jitter_ms=10),
        Profile("edge", 128, 400, loss=0.02, jitter_ms=20, queue_ms=800),
        Profile("vsat", 1_000, 600, loss=0.01, jitter_ms=5, queue_ms=400),
        Profile("bad5", 256, 200, loss=0.05, burst=3, jitter_ms=10, queue_ms=400),
        Profile("bad10", 256, 200, loss=0.10, burst=3, jitter_ms=10, queue_ms=400),
        Profile("k128l5", 128, 200, loss=0.05, burst=2, jitter_ms=10, queue_ms=600),
        Profile("k64l5", 64, 300, loss=0.05, jitter_ms=10, queue_ms=800),
    )
}
