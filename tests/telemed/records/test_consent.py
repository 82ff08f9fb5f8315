from datetime import UTC, datetime, timedelta
from uuid import UUID

from telemed.records.consent import Consent, Kind, allows, latest

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def answer(kind: Kind, given: bool, minutes: int = 0) -> Consent:
    at = NOW + timedelta(minutes=minutes)
    return Consent(UUID(int=minutes + 1), UUID(int=100), kind, given, "2026-1", at)


def test_the_latest_answer_counts_in_whatever_order_they_come() -> None:
    yes, no = answer("sms", True), answer("sms", False, 1)
    assert latest([no, yes])["sms"] is no
    assert not allows([yes, no], "sms")
    assert allows([no, answer("sms", True, 2), yes], "sms")


def test_of_two_answers_at_one_instant_the_refusal_counts() -> None:
    assert not allows([answer("sms", False), answer("sms", True)], "sms")


def test_silence_is_not_a_yes() -> None:
    assert not allows([answer("family_doctor", True)], "sms")
