"""Which language a visitor reads: asked for in the address, chosen before, or what the browser says."""

from flask import Flask, Request, Response, g, request

from telemed.texts import LANGUAGES
from telemed.web.access import entry_of

COOKIE = "__Host-telemed-lang"
YEAR = 365 * 24 * 3600


def choose(asked: Request) -> str:
    """The language of this answer; requests proved without cookies have theirs ignored here too."""
    named = (asked.view_args or {}).get("lang") or asked.args.get("lang")
    entry = entry_of(asked.endpoint)
    by_cookie = (
        asked.cookies.get(COOKIE) if entry and (entry.cookie or entry.proof in ("open", "demo")) else None
    )
    for candidate in (named, by_cookie):
        if candidate in LANGUAGES:
            return candidate
    return asked.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def register(app: Flask) -> None:
    """Set `g.lang` before anything else, and remember a language somebody picked with `?lang=`."""

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
        if (own or request.endpoint == "staff.front") and request.args.get("lang") in LANGUAGES:
            response.set_cookie(
                COOKIE, g.lang, max_age=YEAR, path="/", secure=True, httponly=True, samesite="Lax"
            )
        return response
