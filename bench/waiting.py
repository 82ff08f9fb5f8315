"""How honest the wait estimate is on a simulated clinic, beside what waiting rooms usually show."""

from collections.abc import Callable, Iterator
from random import Random
from statistics import NormalDist, fmean, pstdev
from typing import NamedTuple

from bench.clinic_day import Day, Waited, days, history
from bench.figure import Figure
from scheduling.wait_estimate import NOMINAL, PLAYS, Forecast, calibrate, forecast, interval, rounded

LEARN, CALIBRATE, TEST = 25, 20, 40
SEEDS = (11, 12, 13)
Say = Callable[[Waited], tuple[float, float]]


class Honesty(NamedTuple):
    """How often the wait was inside what was said, was shorter or was longer, and how wide that was."""

    inside: float
    shorter: float
    longer: float
    width: float


def judge(tested: list[Day], say: Say) -> Honesty:
    """Compare what would have been said to each patient of these days with the wait that came of it."""
    pairs = [(say(waited), waited.wait) for day in tested for waited in day.waited]
    number = len(pairs)
    return Honesty(
        sum(low <= wait <= high for (low, high), wait in pairs) / number,
        sum(wait < low for (low, _), wait in pairs) / number,
        sum(wait > high for (_, high), wait in pairs) / number,
        fmean(high - low for (low, high), _ in pairs),
    )


def compare(
    learn: list[Day], calibration: list[Day], tested: list[Day], seed: int, plays: int = PLAYS
) -> dict[str, Honesty]:
    """Every method on the same days: learnt on the first, calibrated on others, tested on yet others."""
    known, random = history(learn), Random(seed)

    def played(waited: Waited) -> Forecast:
        said = forecast(waited.room, known, random, plays)
        assert said is not None, "somebody is on duty in every simulated room"
        return said

    offset = calibrate((played(waited), waited.wait) for day in calibration for waited in day.waited)
    assert offset is not None, "there are days enough"
    forecasts = {id(waited): played(waited) for day in tested for waited in day.waited}
    past = learn + calibration
    return {
        "ours, as shown (fives)": judge(tested, lambda each: rounded(*interval(forecasts[id(each)], offset))),
        "ours": judge(tested, lambda each: interval(forecasts[id(each)], offset)),
        "ours, not calibrated": judge(tested, lambda each: forecasts[id(each)]),
        "average of past waits": judge(tested, average(past)),
        "people ahead x average length": judge(tested, per_head(past)),
    }


def average(past: list[Day]) -> Say:
    """The average of all past waits, give or take what a normal distribution would need."""
    waits = [waited.wait for day in past for waited in day.waited]
    middle, spread = fmean(waits), _z() * pstdev(waits)
    return lambda _: (max(0.0, middle - spread), middle + spread)


def per_head(past: list[Day]) -> Say:
    """The people ahead times the average length, shared by the doctors, give or take what so many vary."""
    lengths = [length for day in past for length in day.lengths]
    mean, deviation = fmean(lengths), pstdev(lengths)

    def say(waited: Waited) -> tuple[float, float]:
        ahead, doctors = len(waited.room.ahead), len(waited.room.doctors)
        middle, spread = ahead * mean / doctors, _z() * deviation * ahead**0.5 / doctors
        return max(0.0, middle - spread), middle + spread

    return say


def figures() -> Iterator[Figure]:
    """Coverage, both kinds of misses and width of each method, over several simulated clinics."""
    runs = [_run(seed) for seed in SEEDS]
    for method in runs[0]:
        mean = Honesty(*(fmean(values) for values in zip(*(run[method] for run in runs), strict=True)))
        yield Figure(f"{method}: wait inside the interval (nominal {NOMINAL:.0%})", 100 * mean.inside, "%")
        yield Figure(f"{method}: shorter than said", 100 * mean.shorter, "%")
        yield Figure(f"{method}: longer than said", 100 * mean.longer, "%")
        yield Figure(f"{method}: mean width", mean.width, "min")


def _run(seed: int) -> dict[str, Honesty]:
    all_days = days(LEARN + CALIBRATE + TEST, seed)
    return compare(all_days[:LEARN], all_days[LEARN : LEARN + CALIBRATE], all_days[LEARN + CALIBRATE :], seed)


def _z() -> float:
    return NormalDist().inv_cdf((1 + NOMINAL) / 2)
