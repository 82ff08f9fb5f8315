"""The proof that a request comes from the SMS provider: its signature over our address and every field."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Final

from flask import request

from telemed.web.problems import Refusal

LARGEST: Final = 32_768
"""The longest SMS and everything around it take a third of this; more is no report."""

_NAME = re.compile(r"[A-Z][A-Za-z]{1,39}[0-9]{0,2}")

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"


def sign(token: str, address: str, fields: Mapping[str, str]) -> str:
    """Return the provider's signature: HMAC-SHA1, keyed by the account's token, as its documentation says."""
    signed = address + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def is_signed(
    token: str, address: str, fields: Mapping[str, list[str]], signature: str | None, settings: str | None
) -> bool:
    """Tell whether the provider sent this; `address` is the one we are known by, not the one a proxy saw.

    A field given twice is refused: the signature would not say which of the two counts. So is a request that
    names another algorithm than the one our kind of key has, and a field whose name is none: names and values
    are signed without separators, so that a piece of a value could be passed off as a name.
    """
    if not token or not signature or settings or any(len(values) != 1 for values in fields.values()):
        return False
    if any(_NAME.fullmatch(name) is None for name in fields):
        return False
    expected = sign(token, address, {name: values[0] for name, values in fields.items()})
    return hmac.compare_digest(expected.encode(), signature.encode())


def field(name: str, form: re.Pattern[str]) -> str:
    """Return a field of the request that has the form it must have; one that is missing is empty."""
    value = request.form.get(name, "")
    if form.fullmatch(value) is None:
        raise Refusal("bad-request")
    return value
