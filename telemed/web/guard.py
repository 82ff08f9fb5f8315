"""The guard before every view: no door opens without its entry in the table and the proof it asks for."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Request, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from telemed.web.access import Entry, Proof, entry_of
from telemed.web.problems import Refusal

WELCOME = {"staff": "security.login", "kiosk": "enrol.page", "patient": "my.enter"}

# A checker looks for its proof in the request, puts what it found on `g` and says whether it suffices.
Checker = Callable[[Request, Entry], bool]
Forged = Callable[[Request, Entry], bool]


def register(app: Flask, checkers: Mapping[Proof, Checker], forged: Forged) -> None:
    """Put the guard before every view; a door without an entry, or a proof without a checker, stays shut."""

    @app.before_request
    def guard() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None
        entry = entry_of(request.endpoint)
        checker = checkers.get(entry.proof) if entry else None
        if entry is None or checker is None:
            raise Refusal("no-entry")
        g.entry = entry
        if not checker(request, entry):
            return _turn_away(entry)
        if forged(request, entry):
            raise Refusal("form-expired")
        if _holds_nul(request):
            raise Refusal("bad-request")
        return None


# Of anything else there is no form; looking for one would still take it apart.
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def _holds_nul(request: Request) -> bool:
    """Whether an address or a form holds what no keyboard writes and PostgreSQL knows in no text."""
    told = [request.args] if request.query_string else []
    if request.mimetype in _FORMS:
        told.append(request.form)
    return any("\0" in value for each in told for values in each.listvalues() for value in values)


def _turn_away(entry: Entry) -> ResponseReturnValue:
    """Send a person to where they can sign in; tell a script, or a form in flight, that it was refused."""
    welcome = WELCOME.get(entry.proof)
    by_hand = request.headers.get("Sec-Fetch-Dest", "document") == "document"
    if welcome in current_app.view_functions and request.method in ("GET", "HEAD") and by_hand:
        values: dict[str, Any] = {"next": request.path} if entry.proof == "staff" else {}
        return redirect(url_for(welcome, **values), code=303)
    raise Refusal("session-over" if entry.cookie else "no-proof")
