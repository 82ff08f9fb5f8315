"""The one Flask application: every door mounted, the guard in front of all of them."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Request, g
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from telemed.services import Services
from telemed.texts import staff_languages
from telemed.web import (
    access,
    admin,
    assets,
    calendars,
    call_log,
    calls,
    clinic,
    counter,
    csrf,
    demo,
    displays,
    emergencies,
    enrol,
    errors,
    fhir,
    gateway,
    guard,
    headers,
    health,
    kiosk,
    kiosk_again,
    kiosk_api,
    kiosk_clerk,
    kiosk_devices,
    kiosk_sounds,
    kiosk_times,
    kiosk_waiting,
    kiosk_written,
    language,
    line_probe,
    lines,
    my,
    oauth,
    scheduling_links,
    sms,
    staff,
    voice,
    voice_join,
)
from telemed.web.assets import Assets
from telemed.web.late_rules import LateRule
from telemed.web.proofs import Proofs
from telemed.web.sessions import DatabaseSessions, stored

# In a checkout the pages lie at its top; in a wheel, inside the package.
TEMPLATES = next(
    folder
    for folder in (Path(__file__).parents[2] / "templates", Path(__file__).parents[1] / "templates")
    if folder.is_dir()
)
LARGEST_REQUEST = 1_000_000


class Application(Flask):
    """Flask's own, but its addresses learn late how they are built."""

    url_rule_class = LateRule


def doors(services: Services) -> list[Blueprint]:
    """Every blueprint there is; a door not in this list does not exist."""
    return [
        health.make_blueprint(services),
        admin.make_blueprint(services),
        counter.make_blueprint(services),
        enrol.make_blueprint(services),
        kiosk.make_blueprint(services),
        kiosk_again.make_blueprint(services),
        kiosk_api.make_blueprint(services),
        kiosk_clerk.make_blueprint(services),
        emergencies.make_blueprint(services),
        kiosk_devices.make_blueprint(services),
        kiosk_sounds.make_blueprint(services),
        kiosk_times.make_blueprint(services),
        kiosk_waiting.make_blueprint(services),
        kiosk_written.make_blueprint(services),
        displays.make_blueprint(services),
        lines.make_blueprint(services),
        line_probe.make_blueprint(services),
        call_log.make_blueprint(services),
        clinic.make_blueprint(services),
        my.make_blueprint(services),
        calendars.make_blueprint(services),
        sms.make_blueprint(services),
        voice.make_blueprint(services),
        voice_join.make_blueprint(services),
        gateway.make_blueprint(services),
        oauth.make_blueprint(services),
        fhir.make_blueprint(services),
        scheduling_links.make_blueprint(services),
        demo.make_blueprint(services),
    ]


def create_app(services: Services, built: Assets | None = None) -> Flask:
    """Build the application over these services."""
    settings = services.settings
    app = Application("telemed", static_folder=None, template_folder=str(TEMPLATES))
    app.config.update(
        SECRET_KEY=settings.key("flask"),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        # Forms are guarded for every door alike, by telemed.web.csrf.
        WTF_CSRF_ENABLED=False,
    )
    app.session_interface = DatabaseSessions(services, access.audience_of, access.is_quiet)
    language.register(app, services.texts)
    guard.register(app, Proofs(services).checkers(), _forgery_check(services))
    headers.register(app, settings.public_origin)
    errors.register(app, services.texts)
    _teach_templates(app, services)
    assets.register(app, built or Assets())
    staff.register(app, services)
    for blueprint in doors(services):
        app.register_blueprint(blueprint)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's own way to wrap an application
            app.wsgi_app, x_for=settings.proxies, x_proto=0
        )
    calls.mount(app, services)
    return app


def _forgery_check(services: Services) -> guard.Forged:
    key = services.settings.key("csrf")
    public = _origin(services.settings.public_origin)

    def forged(request: Request, entry: access.Entry) -> bool:
        by_itself = ("device", "provider", "assertion", "bearer", "token")
        if request.method in csrf.SAFE_METHODS or entry.proof in by_itself:
            return False
        # A demo runs wherever somebody tries it, so it also trusts the address it was called by.
        origins = {public, _origin(request.host_url)} if services.settings.demo else {public}
        if not csrf.same_origin(request, origins):
            return True
        return entry.cookie is not None and not csrf.carries_token(request, key, stored().cookie())

    return forged


def _teach_templates(app: Flask, services: Services) -> None:
    app.jinja_env.undefined = StrictUndefined
    key = services.settings.key("csrf")

    def t(message: str, **values: object) -> str:
        return services.texts.translate(g.lang, message, None, **values)

    def tc(context: str, message: str, **values: object) -> str:
        return services.texts.translate(g.lang, message, context, **values)

    # One mask for each answer: another in every form would be a seventh of a compressed page.
    def csrf_token() -> str:
        cookie = stored().require_cookie()
        tokens: dict[str, str] = g.setdefault("csrf_tokens", {})
        if cookie not in tokens:
            tokens[cookie] = csrf.token_for(key, cookie)
        return tokens[cookie]

    fixed: dict[str, Any] = {
        "t": t,
        "tc": tc,
        "csrf_token": csrf_token,
        "demo": services.settings.demo,
        "languages": staff_languages(),
    }
    app.jinja_env.globals.update(fixed)
    app.context_processor(lambda: {"lang": g.lang})


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
