"""Which language a visitor reads: asked for in the address, chosen before, or what the browser says."""

from flask import Flask, Request, Response, current_app, g, request

from telemed.texts import STAFF_LANGUAGES, Texts
from telemed.web.access import entry_of

KNOWN = "LANGUAGES"
COOKIE = "__Host-telemed-lang"
YEAR = 365 * 24 * 3600


def choose(asked: Request) -> str:
    """The language of this answer; requests proved without cookies have theirs ignored here too."""
    entry = entry_of(asked.endpoint)
    of_page = (asked.view_args or {}).get("lang")
    named = of_page or asked.args.get("lang")
    # A kiosk speaks more languages than the staff's pages; which of them it offers is the kiosk's to say.
    at_kiosk = of_page or (entry and entry.proof in ("kiosk", "device"))
    if named in (current_app.config[KNOWN] if at_kiosk else STAFF_LANGUAGES):
        return str(named)
    by_cookie = (
        asked.cookies.get(COOKIE) if entry and (entry.cookie or entry.proof in ("open", "demo")) else None
    )
    if by_cookie in STAFF_LANGUAGES:
        return by_cookie
    return asked.accept_languages.best_match(STAFF_LANGUAGES) or STAFF_LANGUAGES[0]


def register(app: Flask, texts: Texts) -> None:
    """Set `g.lang` before anything else, and remember a language somebody picked with `?lang=`."""
    app.config[KNOWN] = tuple(texts.languages)

    @app.before_request
    def set_language() -> None:
        entry = entry_of(request.endpoint)
        # Other systems are answered in codes; only an error of ours would have words for them.
        if entry is None or entry.proof != "bearer":
            g.lang = choose(request)

    @app.after_request
    def remember(response: Response) -> Response:
        entry = entry_of(request.endpoint)
        # A kiosk is shared: the next patient starts with the language page, not with the last one's choice.
        own = entry and (entry.cookie in ("staff", "my") or entry.proof == "demo")
        if (own or request.endpoint == "staff.front") and request.args.get("lang") in STAFF_LANGUAGES:
            response.set_cookie(
                COOKIE, g.lang, max_age=YEAR, path="/", secure=True, httponly=True, samesite="Lax"
            )
        return response
