"""The signs of the Interagency Integrated Triage Tool as data, in our own words; two charts, by age.

The charts carry no version. No clinician has compared this table with the printed charts yet: that is the
first step of turning the module on (docs/clinical.md).
"""

from decimal import Decimal
from typing import NamedTuple

from telemed.intake.triage.assessment import RuleSet

RULES_ADULT = RuleSet(
    "IITT, 12 years and older",
    "2020, chart without version",
    "WHO, ICRC, MSF. Interagency Integrated Triage Tool, chart for patients of 12 years and older.",
)
RULES_CHILD = RuleSet(
    "IITT, under 12 years",
    "2020, chart without version",
    "WHO, ICRC, MSF. Interagency Integrated Triage Tool, chart for patients under 12 years.",
)

RED_ADULT = (
    "unresponsive",
    "stridor",
    "respiratory_distress_or_cyanosis",
    "slow_capillary_refill",
    "weak_and_fast_pulse",
    "heavy_bleeding",
    "convulsions",
    "low_blood_sugar",
    "high_risk_trauma",
    "poisoning_or_chemical",
    "threatened_limb",
    "snake_bite",
    "violent_or_aggressive",
)
RED_PREGNANT = (
    "severe_abdominal_pain",
    "altered_mental_status",
    "severe_headache",
    "visual_changes",
    "active_labour",
    "trauma",
)
"""Beside bleeding and convulsions, which are red for everybody."""

RED_CHILD = (
    "unresponsive",
    "stridor",
    "respiratory_distress_or_cyanosis",
    "slow_capillary_refill",
    "weak_and_fast_pulse",
    "heavy_bleeding",
    "cold_extremities",
    "convulsions",
    "low_blood_sugar",
    "high_risk_trauma",
    "poisoning_or_chemical",
    "threatened_limb",
    "snake_bite",
    "testicular_pain_or_priapism",
)
DEHYDRATION = ("lethargy", "sunken_eyes", "very_slow_skin_pinch", "drinks_poorly")
"""Any two of them are red in a child."""

MENINGEAL = ("altered_mental_status", "stiff_neck", "severe_headache")
"""From 12 years on any two of them, a temperature below 36 or above 39 counting as one more, are red."""

CHEST_OR_ABDOMINAL_PAIN = "acute_chest_or_abdominal_pain"
"""Red above 50 years of age."""

_YELLOW_BOTH = (
    "swelling_of_mouth_throat_or_neck",
    "wheezing",
    "vomits_everything",
    "ongoing_diarrhoea",
    "unable_to_feed_or_drink",
    "severe_pallor",
    "severe_pain",
    "spreading_or_peeling_rash",
    "trauma",
    "urgent_surgical_diagnosis",
    "sexual_assault",
    "exposure_needing_prophylaxis",
    "pregnancy_referred",
)
YELLOW_ADULT = (
    *_YELLOW_BOTH,
    "ongoing_bleeding",
    "recent_fainting",
    "altered_mental_status",
    "acute_general_weakness",
    "acute_focal_complaint",
    "acute_visual_disturbance",
    "limb_deformity_or_open_fracture",
    "suspected_dislocation",
    "testicular_pain_or_priapism",
    "unable_to_pass_urine",
)
YELLOW_CHILD = (
    *_YELLOW_BOTH,
    "dehydration",
    "restless_irritable_or_lethargic",
    "severe_headache",
    "visible_wasting_or_swollen_feet",
)


class Band(NamedTuple):
    """The vital signs a chart accepts for an age, given by its upper bound in years (exclusive)."""

    below_years: Decimal
    respiratory_rate: tuple[Decimal, Decimal]
    heart_rate: tuple[Decimal, Decimal]


def _band(years: str, breaths: tuple[int, int], beats: tuple[int, int]) -> Band:
    return Band(
        Decimal(years), (Decimal(breaths[0]), Decimal(breaths[1])), (Decimal(beats[0]), Decimal(beats[1]))
    )


ADULT_BAND = _band("Infinity", (10, 30), (60, 130))
CHILD_BANDS = (
    _band("1", (25, 50), (90, 180)),
    _band("5", (20, 40), (80, 160)),
    _band("12", (10, 30), (70, 140)),
)
ADULT_RED_HEART_RATE = (Decimal(50), Decimal(150))
TEMPERATURE = (Decimal(36), Decimal(39))
LOWEST_OXYGEN = Decimal(92)
SEVERE_PRESSURE = (Decimal(160), Decimal(110))
"""Systolic and diastolic, in pregnancy."""

SIGNS_ADULT = frozenset({*RED_ADULT, *YELLOW_ADULT, *MENINGEAL, CHEST_OR_ABDOMINAL_PAIN})
SIGNS_PREGNANT = frozenset(RED_PREGNANT)
SIGNS_CHILD = frozenset({*RED_CHILD, *YELLOW_CHILD, *DEHYDRATION, "altered_mental_status", "stiff_neck"})
