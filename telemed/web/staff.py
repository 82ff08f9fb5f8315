"""Staff sign-in: Flask-Security's password and six-digit code behind our addresses, pages and limits."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import Blueprint, Flask, Response, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_security import Security, SQLAlchemySessionUserDatastore, views
from sqlalchemy.orm import scoped_session, sessionmaker

from telemed import clock, database
from telemed.accounts import credentials
from telemed.accounts.models import Role, User
from telemed.accounts.store import AccountStore, Staff
from telemed.services import Services
from telemed.web.problems import Refusal
from telemed.web.sessions import stored
from telemed.web.staff_forms import HOME, LostPhoneForm, OneTimeCodes, SetUpForm, SignInForm, own_address

MAX_FAILURES = {"security.login": 10, "security.two_factor_token_validation": 5}
HOMES = (("doctor", "/clinic"), ("coordinator", "/admin"), ("clerk", "/counter"))


def register(app: Flask, services: Services) -> None:
    """Mount Flask-Security with only the doors we use."""
    engine = services.engine.execution_options(telemed_writes=True)
    orm = scoped_session(sessionmaker(engine))
    app.config.update(_configuration(services))
    security = Security(
        app,
        SQLAlchemySessionUserDatastore(orm, User, Role),
        register_blueprint=False,
        login_form=SignInForm,
        two_factor_setup_form=SetUpForm,
        two_factor_rescue_form=LostPhoneForm,
        totp_cls=OneTimeCodes,
    )
    # Other doors know their staff from the access guard; only sign-in needs the library's own user.
    load = security.login_manager._user_callback
    security.login_manager.user_loader(lambda key: load(key) if request.blueprint == "security" else None)
    security.login_manager.request_loader(None)
    # Sessions are rows with limits of their own; a new address of the line is no reason to change them.
    security.login_manager.session_protection = None
    security._want_json = lambda _: False
    _keep_to_sign_in(app)
    app.register_blueprint(_sign_in(services, orm))
    app.register_blueprint(_home())


def _keep_to_sign_in(app: Flask) -> None:
    """Run what the libraries do around every request around those of sign-in only: no other door needs it."""
    theirs = ("flask_principal", "flask_login")
    around: list[dict[Any, list[Any]]] = [app.before_request_funcs, app.after_request_funcs]
    for hooks in around:
        every = hooks.get(None, [])
        for hook in [each for each in every if each.__module__ in theirs]:
            every.remove(hook)
            hooks.setdefault("security", []).append(hook)


def _configuration(services: Services) -> dict[str, Any]:
    settings = services.settings
    return {
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
        "SECURITY_PASSWORD_LENGTH_MIN": credentials.MIN_PASSWORD,
        # Unused while argon2 hashes once, but the library wants one.
        "SECURITY_PASSWORD_SALT": settings.key("password").hex(),
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_REQUIRED": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {"code": "flask_security.twofactor.CodeTfPlugin"},
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": credentials.PERIOD,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TOTP_SECRETS": credentials.totp_secrets(settings.key("totp")),
        "SECURITY_TOTP_ISSUER": credentials.ISSUER,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_POST_LOGIN_VIEW": HOME,
        "SECURITY_POST_LOGOUT_VIEW": "/staff/sign-in",
        "SECURITY_LOGIN_USER_TEMPLATE": "staff/sign_in.html",
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "staff/code.html",
        "SECURITY_TWO_FACTOR_SETUP_TEMPLATE": "staff/code_set_up.html",
        "SECURITY_CLI_USERS_NAME": "staff-users",
        "SECURITY_CLI_ROLES_NAME": "staff-roles",
    }


def _sign_in(services: Services, orm: scoped_session[Any]) -> Blueprint:
    """The doors of Flask-Security that exist here; its own blueprint would open more."""
    blueprint = Blueprint("security", __name__, url_prefix="/staff")
    both = ["GET", "POST"]

    def login() -> ResponseReturnValue:
        if request.method == "GET" and "tf_user_id" in session:
            # Back from the six digits: the library begins anew, and the form must fit the cookie that stays.
            session.clear()
            stored().renew()
        g.demo_accounts, g.demo_password = _demo_accounts(services), credentials.DEMO_PASSWORD
        answer: ResponseReturnValue = views.login()
        # The library marks every visitor's session; a mere look at the page must not make a row.
        session.pop("fs_cc", None)
        return answer

    def code() -> ResponseReturnValue:
        if "_user_id" in session:
            return redirect(HOME, code=303)
        g.demo_code = _demo_code(services)
        answer: ResponseReturnValue = views.two_factor_token_validation()
        return redirect(own_address(request.args.get("next"))) if "_user_id" in session else answer

    def set_up() -> ResponseReturnValue:
        # Only on the way in: a new phone for somebody who has one is set up by the coordinator.
        if "_user_id" in session:
            return redirect(HOME, code=303)
        answer: ResponseReturnValue = views.two_factor_setup()
        return answer

    def logout() -> ResponseReturnValue:
        answer: ResponseReturnValue = views.logout()
        session.clear()
        return answer

    blueprint.add_url_rule("/sign-in", "login", login, methods=both)
    blueprint.add_url_rule("/code", "two_factor_token_validation", code, methods=both)
    blueprint.add_url_rule("/code/set-up", "two_factor_setup", set_up, methods=both)
    blueprint.add_url_rule("/code/help", "two_factor_rescue", lambda: render_template("staff/code_help.html"))
    blueprint.add_url_rule("/sign-out", "logout", logout, methods=["POST"])

    @blueprint.before_request
    def refuse_guessing() -> None:
        # Looking up who is signed in began a transaction of the library's; ours would wait in vain.
        orm.remove()
        _refuse_guessing(services)

    @blueprint.after_request
    def finish(response: Response) -> Response:
        # The library's transaction must be over before ours begins: SQLite has one writer.
        orm.remove()
        _forgive_success(services, response)
        return response

    @blueprint.teardown_request
    def release(_: BaseException | None) -> None:
        orm.remove()

    return blueprint


def _home() -> Blueprint:
    blueprint = Blueprint("staff", __name__)

    @blueprint.get("/")
    def front() -> str:
        return render_template("staff/front.html")

    @blueprint.get("/staff")
    def home() -> ResponseReturnValue:
        for role, address in HOMES:
            if role in g.staff.roles:
                return redirect(address, code=303)
        return render_template("staff/home.html")

    return blueprint


def _tried() -> str:
    """What a failure is counted under: the account named, or the one whose password was right."""
    if request.endpoint == "security.login":
        return f"password:{_as_looked_up(request.form.get('email', ''))}"
    return f"code:{session.get('tf_user_id', '')}"


def _as_looked_up(typed: str) -> str:
    """The address as the library reads it: one account answers to many spellings, counted as one."""
    try:
        return validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError:
        return typed


def _refuse_guessing(services: Services) -> None:
    """Count the try before anybody looks whether it is right, so that many at once are no way around."""
    limit = MAX_FAILURES.get(request.endpoint or "")
    if request.method != "POST" or limit is None:
        return
    key, tried, now = services.settings.key("failures"), _tried(), clock.real_now()
    with database.write(services.engine) as connection:
        accounts = AccountStore(connection)
        accounts.one_try_at_a_time(key, tried)
        if accounts.failures(key, tried, now) >= limit:
            raise Refusal("too-often")
        accounts.note_failure(key, tried, now)
    g.counted = tried


def _forgive_success(services: Services, response: Response) -> None:
    # The library shows the form again when it refuses, and moves on when it accepts.
    if "counted" in g and response.status_code in (302, 303):
        with database.write(services.engine) as connection:
            AccountStore(connection).take_back_failure(services.settings.key("failures"), g.counted)


def _demo_accounts(services: Services) -> list[Staff]:
    if not services.settings.demo:
        return []
    with database.read(services.engine) as connection:
        return AccountStore(connection).all_staff()


def _demo_code(services: Services) -> str:
    """In a demo, the six digits that a phone would show now."""
    uniquifier = session.get("tf_user_id")
    if not services.settings.demo or uniquifier is None:
        return ""
    with database.read(services.engine) as connection:
        sealed = AccountStore(connection).sealed_totp(uniquifier)
    if sealed is None:
        return ""
    return credentials.code_now(services.settings.key("totp"), *sealed, clock.real_now())
