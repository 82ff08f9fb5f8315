"""Sessions for Flask: rows in our database, found by a random cookie, opened only where access.py says so."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask, Request, Response, session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin

from telemed import clock, database
from telemed.accounts.sessions import (
    TOUCH_AFTER,
    Audience,
    EndReason,
    Session,
    SessionStore,
    is_live,
    new_token,
)
from telemed.notices import Notices
from telemed.services import Services

COOKIES: dict[Audience, str] = {
    "staff": "__Host-telemed-staff",
    "kiosk": "__Host-telemed-visit",
    "my": "__Host-telemed-my",
}
# Under these keys a signed-in session names whom it belongs to; Flask-Login uses the first.
SUBJECT_KEYS = ("_user_id", "patient_id")
TOKEN_LENGTH = 43

Which = Callable[[Request], Audience | None]
Finder = Callable[[str, Audience], tuple[str | None, Session | None]]
_serializer = TaggedJSONSerializer()


class StoredSession(SessionMixin):
    """The session of one request; its row is read when something first asks for it."""

    def __init__(self, request: Request, audience: Callable[[], Audience | None], find: Finder) -> None:
        self._request = request
        self._audience = audience
        self._find = find
        self._values: dict[str, Any] | None = None
        self.modified = False
        self.row: Session | None = None
        self.token: str | None = None
        self.issued = False
        self.closed = False

    @property
    def audience(self) -> Audience | None:
        """Whose cookie this request may use; none for requests proved otherwise."""
        return self._audience()

    def cookie(self) -> str | None:
        """The cookie the browser brought, or has been given by this answer."""
        self._open()
        return self.token

    def require_cookie(self) -> str:
        """A cookie to bind form tokens to; a visitor who has none gets one, without a row."""
        self._open()
        if self.token is None:
            if self.audience is None:
                raise RuntimeError("this page has no session: its entry in access.py names no cookie")
            self.token, self.issued = new_token(), True
        return self.token

    def subject(self) -> str | None:
        """Whom the session belongs to now."""
        values = self._open()
        return next((str(values[key]) for key in SUBJECT_KEYS if key in values), None)

    def reference(self) -> str:
        """What may leave the house in place of the session: its row's id, which opens nothing."""
        self._open()
        return str(self.row.id) if self.row else ""

    def renew(self) -> None:
        """Take a fresh cookie value."""
        self.token, self.issued = new_token(), True

    def close(self) -> None:
        """Read nothing more from the database in this request; for error pages."""
        self._values, self.modified, self.row, self.token, self.issued = {}, False, None, None, False
        self.closed = True

    def is_open(self) -> bool:
        """Whether anything has asked for the session yet."""
        return self._values is not None

    def values_as_text(self) -> str:
        """The data as stored."""
        return _serializer.dumps(self._open())

    def _open(self) -> dict[str, Any]:
        if self._values is None:
            audience = self.audience
            offered = self._request.cookies.get(COOKIES[audience]) if audience else None
            if audience and offered and len(offered) == TOKEN_LENGTH:
                self.token, self.row = self._find(offered, audience)
            self._values = _serializer.loads(self.row.data) if self.row else {}
        return self._values

    def __getitem__(self, key: str) -> Any:
        return self._open()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        if self.audience is None:
            raise RuntimeError("this endpoint has no session: its entry in access.py names no cookie")
        self._open()[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self._open()[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self._open())

    def __len__(self) -> int:
        return len(self._open())


class DatabaseSessions(SessionInterface):
    """Opens, saves, renews and ends sessions; `which` tells the audience of a request."""

    def __init__(self, services: Services, which: Which, quiet: Callable[[Request], bool]) -> None:
        self._services = services
        self._which = which
        self._quiet = quiet

    def open_session(self, app: Flask, request: Request) -> StoredSession:
        """Give the request a session that has not read anything yet."""
        return StoredSession(request, lambda: self._which(request), self._find)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what changed and hand out or take back the cookie."""
        assert isinstance(session, StoredSession)
        # After an error of ours the browser keeps its cookie: nobody is signed out by a page that failed.
        if session.closed or not session.is_open() or session.audience is None:
            return
        if session.modified:
            self._store(session)
        else:
            self._touch(session)
        name = COOKIES[session.audience]
        if session.token is None:
            response.delete_cookie(
                name, path="/", secure=True, httponly=True, samesite=_same_site(session.audience)
            )
        elif session.issued:
            response.set_cookie(
                name,
                session.token,
                path="/",
                secure=True,
                httponly=True,
                samesite=_same_site(session.audience),
            )

    def _find(self, token: str, audience: Audience) -> tuple[str | None, Session | None]:
        """The live row of a token; one that never had a row stands for itself, an ended one for nothing."""
        with database.read(self._services.engine) as connection:
            row = SessionStore(connection).by_token(token, audience)
        if row is None:
            return token, None
        return (token, row) if is_live(row, clock.real_now()) else (None, None)

    def _store(self, session: StoredSession) -> None:
        now, audience, subject = clock.real_now(), session.audience, session.subject()
        assert audience is not None
        before = session.row.subject if session.row else None
        with database.write(self._services.engine) as connection:
            store = SessionStore(connection)
            if session.row and (not session or subject != before):
                # Another person or nobody: the old cookie must not become worth more, or stay worth anything.
                why: EndReason = "new sign-in" if subject else "signed out"
                end_session(connection, session.row, why)
                session.row = None
                if not session.issued:
                    session.token = None
            if not session:
                return
            if session.row:
                store.save(session.row.id, session.values_as_text(), now)
                return
            if session.token is None or subject is not None:
                session.renew()
            assert session.token is not None
            session.row = store.open(session.token, audience, subject, session.values_as_text(), now)

    def _touch(self, session: StoredSession) -> None:
        now = clock.real_now()
        if session.row and now - session.row.seen_at > TOUCH_AFTER and not self._quiet(session._request):
            with database.write(self._services.engine) as connection:
                SessionStore(connection).touch(session.row.id, now)


def end_session(connection: Any, session: Session, why: EndReason) -> bool:
    """End a session and, in the same transaction, tell whoever holds its sockets."""
    now = clock.real_now()
    ended = SessionStore(connection).end(session.id, why, now)
    if ended and session.subject:
        Notices(connection).say("close-session", str(session.id), now)
    return ended


def forget(services: Services, asked: Request, response: Response, audience: Audience) -> None:
    """End what this browser holds of another audience, whose door this is not."""
    token = asked.cookies.get(COOKIES[audience])
    if token is None:
        return
    with database.write(services.engine) as connection:
        row = SessionStore(connection).by_token(token, audience)
        if row is not None:
            end_session(connection, row, "signed out")
    response.delete_cookie(
        COOKIES[audience], path="/", secure=True, httponly=True, samesite=_same_site(audience)
    )


def stored() -> StoredSession:
    """The session of this request, as ours."""
    current = session._get_current_object()  # type: ignore[attr-defined]  # the proxy's own way to its object
    assert isinstance(current, StoredSession)
    return current


def _same_site(audience: Audience) -> str:
    return "Strict" if audience == "staff" else "Lax"
