"""Decision support for clinicians, off unless the operator turns it on; a module that can be left out.

Intended purpose: to show a clinician, beside one patient's values, what a published rule makes of them.
It diagnoses nothing, decides nothing, orders no queue by itself and is never shown to patients or clerks.
"""

from telemed.intake.triage.assessment import Assessment
from telemed.intake.triage.blood_pressure import bp_grade
from telemed.intake.triage.body_mass import bmi
from telemed.intake.triage.glucose import glucose_flags
from telemed.intake.triage.iitt import Vitals, iitt_adult, iitt_child
from telemed.intake.triage.news2 import news2

__all__ = ["Assessment", "Vitals", "bmi", "bp_grade", "glucose_flags", "iitt_adult", "iitt_child", "news2"]
