"""The proof that a request comes from the SMS provider: its signature over our address and every field."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

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
    names another algorithm than the one our kind of key has.
    """
    if not token or not signature or settings or any(len(values) != 1 for values in fields.values()):
        return False
    expected = sign(token, address, {name: values[0] for name, values in fields.items()})
    return hmac.compare_digest(expected.encode(), signature.encode())
