"""What the scores' codes are called on the clinicians' page; all are message ids of the context "score"."""

from collections.abc import Mapping

OUTCOMES: Mapping[str, str] = {
    # NEWS2
    "low": "low risk",
    "low-medium": "low to medium risk: one value alone gives 3 points",
    "medium": "medium risk",
    "high": "high risk",
    # IITT; green is said as what it is, a place in a queue
    "red": "red",
    "yellow": "yellow",
    "yellow, up-triage or immediate review": "yellow: up-triage or immediate review",
    "green": "routine",
    # blood pressure
    "optimal": "optimal",
    "normal": "normal",
    "high-normal": "high-normal",
    "grade 1": "grade 1",
    "grade 2": "grade 2",
    "grade 3": "grade 3",
    "non-elevated": "non-elevated",
    "elevated": "elevated",
    "hypertension": "in the range of hypertension",
    # body mass
    "underweight": "underweight",
    "normal weight": "normal weight",
    "overweight": "overweight",
    "obesity class I": "obesity class I",
    "obesity class II": "obesity class II",
    "obesity class III": "obesity class III",
    # glucose
    "in the range of diabetes": "in the range of diabetes: the laboratory confirms",
    "in the range of impaired fasting glucose": "in the range of impaired fasting glucose",
    "in the range of impaired glucose tolerance": "in the range of impaired glucose tolerance",
    "in none of these ranges": "in none of these ranges",
}
INPUTS: Mapping[str, str] = {
    "age_years": "age",
    "pregnant": "pregnancy",
    "respiratory_rate": "breathing",
    "oxygen": "oxygen",
    "on_oxygen": "air or oxygen",
    "systolic": "upper pressure",
    "diastolic": "lower pressure",
    "pulse": "pulse",
    "heart_rate": "pulse",
    "consciousness": "consciousness",
    "temperature": "temperature",
    "weight_kg": "weight",
    "height_cm": "height",
    "readings": "number of readings",
    "second reading": "a second reading",
    "glucose_mmol_l": "glucose",
    "meal": "fasting or not",
    "symptoms": "symptoms of a high glucose",
}
FINDINGS: Mapping[str, str] = {
    **INPUTS,
    "severe": "severely raised: repeat, ask for symptoms, a clinician the same day",
    "isolated systolic": "isolated systolic",
    "isolated diastolic": "isolated diastolic",
    "low": "low glucose (below 3.9 mmol/L)",
    "under_8_days": "younger than 8 days",
    "under_6_months": "younger than 6 months",
}
REASONS: Mapping[str, str] = {
    "under 16 years": "not made for people under 16",
    "under 18 years": "not made for people under 18",
    "under 12 years": "not made for people under 12",
    "12 years or older": "not made for people of 12 and older",
    "pregnancy": "not made for pregnancy",
}
VALUES: Mapping[str, str] = {
    "alert": "alert",
    "confusion": "new confusion",
    "voice": "responds to voice",
    "pain": "responds to pain",
    "unresponsive": "unresponsive",
    "fasting": "fasting",
    "random": "not fasting",
}
UNITS: Mapping[str, str] = {"{score}": "", "kg/m2": "kg/m²"}
