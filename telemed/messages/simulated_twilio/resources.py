"""Messages, calls and tokens as Twilio's JSON shows them, and its lists with their filters and pages."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from telemed.messages.simulated_twilio.faults import Fault
from telemed.messages.simulated_twilio.ledger import Call, Message, Token

VERSION = "2010-04-01"
_LARGEST_PAGE = 1_000
_USUAL_PAGE = 50


def message_json(message: Message, account: str, now: datetime) -> dict[str, Any]:
    """Return one message as the API shows it at this moment."""
    state = message.state(now)
    return {
        "account_sid": account,
        "api_version": VERSION,
        "body": message.body,
        "date_created": format_datetime(message.at.astimezone(UTC)),
        "date_sent": format_datetime(message.at.astimezone(UTC)),
        "date_updated": format_datetime(now.astimezone(UTC)),
        "direction": "outbound-api",
        "error_code": state.error,
        "error_message": None,
        "from": message.fields.get("From"),
        "messaging_service_sid": message.fields.get("MessagingServiceSid"),
        "num_media": "0",
        "num_segments": str(message.parts),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": state.status,
        "subresource_uris": {},
        "to": message.to,
        "uri": f"/{VERSION}/Accounts/{account}/Messages/{message.sid}.json",
    }


def call_json(call: Call, account: str) -> dict[str, Any]:
    """Return one call as the API shows it."""
    return {
        "account_sid": account,
        "api_version": VERSION,
        "date_created": format_datetime(call.at.astimezone(UTC)),
        "date_updated": format_datetime(call.at.astimezone(UTC)),
        "direction": "outbound-api",
        "duration": None,
        "from": call.fields.get("From"),
        "sid": call.sid,
        "status": call.status,
        "subresource_uris": {},
        "to": call.to,
        "uri": f"/{VERSION}/Accounts/{account}/Calls/{call.sid}.json",
    }


def token_json(token: Token, account: str, servers: object) -> dict[str, Any]:
    """Return a token for relays as the API shows it, once."""
    return {
        "account_sid": account,
        "date_created": format_datetime(token.at.astimezone(UTC)),
        "date_updated": format_datetime(token.at.astimezone(UTC)),
        "ice_servers": servers,
        "password": token.password,
        "ttl": token.ttl,
        "username": token.username,
    }


def ice_servers(token: Token) -> list[dict[str, str]]:
    """Return the servers that Twilio's documentation shows, each address under both of its names."""
    signs_in = {"username": token.username, "credential": token.password}
    turn = ("3478?transport=udp", "3478?transport=tcp", "443?transport=tcp")
    relays = [f"turn:global.turn.twilio.com:{rest}" for rest in turn]
    stun = "stun:global.stun.twilio.com:3478"
    return [{"url": stun, "urls": stun}, *({"url": url, "urls": url, **signs_in} for url in relays)]


def fault_json(fault: Fault) -> dict[str, Any]:
    """Return a refusal as the API words it."""
    more = f"https://www.twilio.com/docs/errors/{fault.code}"
    return {"code": fault.code, "message": fault.message, "more_info": more, "status": fault.status}


def listed(messages: Sequence[Message], query: Mapping[str, str], now: datetime) -> list[Message]:
    """Return what the list shows now, newest first: hidden messages are not in it."""
    return [each for each in reversed(messages) if each.is_shown(now) and _fits(each, query)]


def page(entries: Sequence[dict[str, Any]], query: Mapping[str, str], path: str, name: str) -> dict[str, Any]:
    """Return one page of a list, with the address of the next; a token holds the place, not a number."""
    size = max(1, min(_LARGEST_PAGE, int(query.get("PageSize") or _USUAL_PAGE)))
    number = int(query.get("Page") or 0)
    start = _after(entries, query.get("PageToken", ""))
    shown = entries[start : start + size]
    further = {**query, "PageSize": str(size), "Page": str(number + 1)}
    rest = start + size < len(entries)
    following = f"{path}?{urlencode({**further, 'PageToken': 'PA' + shown[-1]['sid']})}" if rest else None
    return {
        name: list(shown),
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + len(shown) - 1 if shown else 0,
        "uri": f"{path}?{urlencode(query)}",
        "first_page_uri": f"{path}?{urlencode({'PageSize': size, 'Page': 0})}",
        "next_page_uri": following,
        "previous_page_uri": None,
    }


def _after(entries: Sequence[dict[str, Any]], token: str) -> int:
    sids = ["PA" + str(each["sid"]) for each in entries]
    return sids.index(token) + 1 if token in sids else 0


def _fits(message: Message, query: Mapping[str, str]) -> bool:
    if query.get("To", message.to) != message.to:
        return False
    if query.get("From", message.fields.get("From")) != message.fields.get("From"):
        return False
    exact, least, most = (query.get(f"DateSent{sign}") for sign in ("", ">", "<"))
    if exact and message.at.date() != _moment(exact).date():
        return False
    if least and message.at < _moment(least):
        return False
    return not most or message.at <= _last_of(most)


def _moment(text: str) -> datetime:
    made = datetime.fromisoformat(text)
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def _last_of(text: str) -> datetime:
    """A bare date means until its end."""
    return _moment(text) + (timedelta(days=1) if len(text) == 10 else timedelta(0))
