"""What we change in Flask-Security's sign-in: its forms, and codes that work once."""

import re
from typing import Any

import segno
from flask_security import LoginForm, TwoFactorRescueForm, TwoFactorSetupForm, UserMixin
from flask_security.totp import Totp
from passlib.exc import UsedTokenError  # type: ignore[import-untyped]  # the library carries no types
from sqlalchemy.orm import object_session
from wtforms import HiddenField, RadioField  # type: ignore[import-untyped]  # the library carries no types
from wtforms.fields.choices import SelectChoice  # type: ignore[import-untyped]  # nor does this part

from telemed.accounts.models import User
from telemed.accounts.store import AccountStore

HOME = "/staff"


def own_address(wanted: str | None) -> str:
    """Where to go after signing in: an address of ours as wanted, or the first page."""
    return wanted if wanted and re.fullmatch(r"/(?![/\\])[A-Za-z0-9/_-]*", wanted) else HOME


class SignInForm(LoginForm):
    """Without "remember me": a cookie that outlives its session could not be ended."""

    remember = None
    next = HiddenField(filters=[lambda wanted: own_address(wanted) if wanted else wanted])


class SetUpForm(TwoFactorSetupForm):
    """With the one method there is; the library's own choices are of a kind WTForms is giving up."""

    setup = RadioField(choices=[SelectChoice("authenticator")], validate_choice=False)


class LostPhoneForm(TwoFactorRescueForm):
    """With the one way out there is: asking the coordinator."""

    help_setup = RadioField(choices=[SelectChoice("help")])


class OneTimeCodes(Totp):
    """Six-digit codes, each of which is accepted once."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        """The counter up to which the account's codes are spent."""
        assert isinstance(user, User)
        return user.tf_last_counter or None

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:
        """Spend the code that matched; of two requests with the same code only one can."""
        orm = object_session(user)
        assert orm is not None
        if not AccountStore(orm.connection()).use_counter(user.fs_uniquifier, tmatch.counter):
            raise UsedTokenError

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The setting-up QR code as a picture inside the page."""
        return segno.make(self.get_totp_uri(username, totp), error="m").svg_data_uri(scale=5, border=4)
