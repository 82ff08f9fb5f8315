"""What a clerk has typed for a patient is believed only of one who had opened this kiosk with the PIN."""

from uuid import UUID

from telemed.intake.submission import Submission
from telemed.unit import Unit


def is_true(unit: Unit, submission: Submission, intake_id: UUID, kiosk_id: UUID) -> bool:
    """Whether everybody who is said to have helped had said so here, for this intake and no other."""
    typed = [each for each in submission.measurements if each.typed_by == "clerk" or each.assisted_by]
    clerks = {each.assisted_by for each in typed}
    return all(
        each is not None and unit.accounts.clerks.has_helped(each, kiosk_id, intake_id, unit.real_now)
        for each in clerks
    )
