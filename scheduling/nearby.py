"""How far apart two settlements are, and which of some are near."""

from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple
from uuid import UUID

REACH_KM = 60.0
"""How far somebody may be sent to another place."""

_EARTH_KM = 6371.0


class Located(NamedTuple):
    """A site and where it is."""

    site_id: UUID
    latitude: float
    longitude: float


def kilometres(one: Located, other: Located) -> float:
    """The distance as the crow flies."""
    north, south = radians(one.latitude), radians(other.latitude)
    height = sin((south - north) / 2) ** 2
    width = sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(height + cos(north) * cos(south) * width))


def near(here: Located, others: Iterable[Located], reach_km: float = REACH_KM) -> list[UUID]:
    """The sites within reach, the nearest first."""
    far = sorted((kilometres(here, other), other.site_id) for other in others)
    return [site_id for distance, site_id in far if distance <= reach_km and site_id != here.site_id]
