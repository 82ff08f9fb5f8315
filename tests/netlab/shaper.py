"""What a line does to each packet, pure: queue, delay, loss in bursts, outage; never a change of order."""

from dataclasses import dataclass, field
from random import Random

from tests.netlab.profiles import Profile


@dataclass
class Counted:
    """What one direction of a line has carried and lost."""

    packets: int = 0
    bytes: int = 0
    lost: int = 0
    dropped: int = 0


@dataclass
class Lane:
    """One direction of a line; moments are seconds of any steady clock."""

    profile: Profile
    random: Random
    counted: Counted = field(default_factory=Counted)
    _free_at: float = 0.0
    _last_out: float = 0.0
    _in_burst: bool = False
    _dead_until: float = 0.0

    def change(self, profile: Profile) -> None:
        """Behave like another line from the next packet on; what is under way stays under way."""
        self.profile = profile

    def cut(self, until: float) -> None:
        """Carry nothing until a moment."""
        self._dead_until = until

    def take(self, size: int, now: float) -> float | None:
        """Return when a packet of so many bytes comes out at the far end; None when it does not."""
        self.counted.packets += 1
        self.counted.bytes += size
        start = max(now, self._free_at)
        if (start - now) * 1000 > self.profile.queue_ms:
            self.counted.dropped += 1
            return None
        self._free_at = start + size / self.profile.bytes_per_second
        if now < self._dead_until or self._loses():
            self.counted.lost += 1
            return None
        jitter = self.random.uniform(0, self.profile.jitter_ms)
        out = self._free_at + (self.profile.rtt_ms / 2 + jitter) / 1000
        self._last_out = max(out, self._last_out)
        return self._last_out

    def _loses(self) -> bool:
        """Gilbert's two states: inside a burst all is lost; it ends after `burst` packets on average."""
        loss, burst = self.profile.loss, self.profile.burst
        if loss <= 0:
            self._in_burst = False
        elif self._in_burst:
            self._in_burst = self.random.random() >= 1 / burst
        else:
            self._in_burst = self.random.random() < loss / (burst * (1 - loss))
        return self._in_burst
