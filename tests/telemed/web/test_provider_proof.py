"""The provider's signature: which request it lets in, and which piece of forgery it does not."""

from typing import Any

from twilio.request_validator import RequestValidator

from telemed.web.provider_proof import is_signed, sign
from tests.telemed.conftest import ORIGIN
from tests.telemed.web.test_sms import PHONE, SID, TOKEN


def test_our_signature_is_the_providers_own() -> None:
    fields = {"MessageSid": SID, "Body": "Да, ще дойда", "From": PHONE}
    address = f"{ORIGIN}/sms/inbound"
    oracle: Any = RequestValidator
    theirs = oracle(TOKEN).compute_signature(address, fields)
    assert sign(TOKEN, address, fields) == theirs


class TestSignature:
    address = f"{ORIGIN}/sms/inbound"

    def check(self, fields: dict[str, list[str]], signature: str | None, settings: str | None = None) -> bool:
        return is_signed(TOKEN, self.address, fields, signature, settings)

    def test_holds(self) -> None:
        assert self.check({"Body": ["1"]}, sign(TOKEN, self.address, {"Body": "1"}))

    def test_a_missing_one_does_not(self) -> None:
        assert not self.check({"Body": ["1"]}, None)

    def test_a_field_given_twice_does_not(self) -> None:
        assert not self.check({"Body": ["1", "1"]}, sign(TOKEN, self.address, {"Body": "1"}))

    def test_one_whose_value_was_passed_off_as_a_name_does_not(self) -> None:
        signature = sign(TOKEN, self.address, {"MessageSid": "SM1", "MessageStatus": "delivered"})
        assert not self.check({"MessageSidSM1MessageStatus": ["delivered"]}, signature)
        assert not self.check({"MessageSidSM1MessageStatusdelivered": [""]}, signature)
        assert self.check({"MessageSid": ["SM1"], "MessageStatus": ["delivered"]}, signature)

    def test_another_algorithm_does_not(self) -> None:
        signature = sign(TOKEN, self.address, {"Body": "1"})
        assert not self.check({"Body": ["1"]}, signature, "key=k,algorithm=HMAC_SHA256")

    def test_another_address_does_not(self) -> None:
        assert not self.check({"Body": ["1"]}, sign(TOKEN, "https://evil.example/sms/inbound", {"Body": "1"}))

    def test_an_empty_key_does_not(self) -> None:
        assert not is_signed("", self.address, {}, sign("", self.address, {}), None)
