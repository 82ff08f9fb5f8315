"""The proofs a door can ask for: what each looks at in a request and whom it finds."""

from collections.abc import Mapping

from flask import Request, g, session

from telemed import clock, database
from telemed.accounts import device_proof
from telemed.accounts.devices import KioskDevice
from telemed.accounts.scopes import allows
from telemed.accounts.sessions import TOUCH_AFTER
from telemed.accounts.store import AccountStore
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.web import provider_proof
from telemed.web.access import Entry, Proof
from telemed.web.bearers import Bearers
from telemed.web.guard import Checker
from telemed.web.problems import Refusal
from telemed.web.sessions import stored

CLERK_HEADER = "Telemed-Clerk"
DEVICE_COOKIE = "__Host-telemed-kiosk"
PURPOSES = {"doctor": "care", "coordinator": "coordination", "clerk": "help at the counter"}


class Proofs:
    """Checks requests against accounts, devices and sessions; what it finds goes on `g`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._bearers = Bearers(services.engine)

    def checkers(self) -> Mapping[Proof, Checker]:
        """One checker per proof; a proof that is not here lets nobody in."""
        return {
            "open": lambda *_: True,
            "assertion": lambda *_: True,
            "token": lambda *_: True,
            "demo": self._demo,
            "staff": self._staff,
            "kiosk": self._kiosk,
            "patient": self._patient,
            "device": self._device,
            "clerk": self._clerk,
            "provider": self._provider,
            "bearer": self._bearer,
        }

    def _demo(self, request: Request, entry: Entry) -> bool:
        if not self._services.settings.demo:
            raise Refusal("not-found")
        g.reader = Reader("demo", "demo", None, "demo", "demonstration")
        return True

    def _staff(self, request: Request, entry: Entry) -> bool:
        uniquifier = session.get("_user_id")
        if uniquifier is None:
            return False
        with database.read(self._services.engine) as connection:
            staff = AccountStore(connection).staff(uniquifier)
        if staff is None:
            return False
        role = next((name for name in entry.who if name in staff.roles), None)
        if role is None:
            raise Refusal("wrong-role")
        g.staff = staff
        g.session_ref = stored().reference()
        g.reader = Reader("staff", str(staff.id), staff.facility_id, staff.name, PURPOSES[role], role)
        return True

    def _patient(self, request: Request, entry: Entry) -> bool:
        patient_id = session.get("patient_id")
        if patient_id is None:
            return False
        g.reader = Reader("patient", str(patient_id), None, "", "own record", "patient")
        return True

    def _kiosk(self, request: Request, entry: Entry) -> bool:
        token = request.cookies.get(DEVICE_COOKIE)
        if not token:
            return False
        with database.read(self._services.engine) as connection:
            device = AccountStore(connection).devices.by_token(token)
        return self._let_in(device)

    def _device(self, request: Request, entry: Entry) -> bool:
        proof = device_proof.parse(request.headers.get(device_proof.HEADER))
        if proof is None:
            return False
        with database.read(self._services.engine) as connection:
            device = AccountStore(connection).devices.of_kiosk(proof.kiosk_id)
        if device is None or device.public_key is None:
            return False
        body = request.get_data(cache=True)
        if not device_proof.holds(
            proof, device.public_key, request.method, request.path, body, clock.real_now()
        ):
            return False
        return self._let_in(device)

    def _clerk(self, request: Request, entry: Entry) -> bool:
        if not self._device(request, entry):
            return False
        token = request.headers.get(CLERK_HEADER, "")
        with database.read(self._services.engine) as connection:
            mode = AccountStore(connection).clerks.by_token(token, g.kiosk.kiosk_id, clock.real_now())
        if mode is None or mode.clerk.site_id != g.kiosk.site_id:
            return False
        g.clerk_mode = mode
        g.reader = Reader("staff", str(mode.clerk.id), None, mode.clerk.name, PURPOSES["clerk"], "clerk")
        return True

    def _provider(self, request: Request, entry: Entry) -> bool:
        settings = self._services.settings
        request.max_content_length = request.max_form_memory_size = provider_proof.LARGEST
        if request.form.get("AccountSid", "") != settings.twilio_account_sid:
            return False
        if not provider_proof.is_signed(
            settings.twilio_auth_token,
            settings.public_origin.rstrip("/") + request.full_path.removesuffix("?"),
            request.form.to_dict(flat=False),
            request.headers.get(provider_proof.SIGNATURE),
            request.headers.get(provider_proof.SETTINGS),
        ):
            return False
        g.reader = Reader("job", "sms", None, "Telemed", "answer by SMS")
        return True

    def _bearer(self, request: Request, entry: Entry) -> bool:
        grant = self._bearers.grant(request.headers.get("Authorization"))
        if grant is None:
            return False
        if not allows(grant.scopes, entry.who[0]):
            raise Refusal("wrong-scope")
        g.reader = Reader("client", grant.client_id, grant.facility_id, grant.name, "exchange", "client")
        return True

    def _let_in(self, device: KioskDevice | None) -> bool:
        if device is None:
            return False
        now = clock.real_now()
        if now - device.seen_at > TOUCH_AFTER:
            with database.write(self._services.engine) as connection:
                AccountStore(connection).devices.touch(device.id, now)
        g.kiosk = device
        g.session_ref = device.reference
        g.reader = Reader("kiosk", str(device.kiosk_id), None, device.label, "visit", "kiosk")
        return True
