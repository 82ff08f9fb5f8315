"""From error to OperationOutcome: the status, FHIR's issue type, and the element where there is one."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from scheduling import errors as scheduling_errors
from telemed.fhir.answers import MEDIA_TYPE, Resource, outcome, to_json
from telemed.fhir.reading import Malformed
from telemed.records import errors as records_errors
from telemed.web.problems import Problem

PREFIX = "/fhir/"

_KINDS: Mapping[type[Exception], tuple[int, str]] = {
    Malformed: (400, "structure"),
    scheduling_errors.SlotTaken: (409, "conflict"),
    scheduling_errors.PatientMustChoose: (422, "business-rule"),
    scheduling_errors.KeyReused: (409, "duplicate"),
    scheduling_errors.WrongState: (409, "conflict"),
    scheduling_errors.StaleVersion: (412, "conflict"),
    scheduling_errors.NotOffered: (422, "business-rule"),
    scheduling_errors.LawForbids: (422, "business-rule"),
    scheduling_errors.NotFound: (404, "not-found"),
    records_errors.NotAllowed: (404, "not-found"),
}
_STATUSES = {
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    409: "conflict",
    412: "conflict",
    413: "too-long",
    415: "not-supported",
    422: "business-rule",
    428: "required",
    429: "throttled",
    503: "transient",
}


class Declined(Exception):
    """A door of FHIR declines for a reason that only it has."""

    def __init__(self, status: int, code: str, text: str, resource: Resource | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.resource = resource or outcome(code, text)


OWN: tuple[type[Exception], ...] = (Malformed, Declined)
"""The errors that only the doors of FHIR raise."""


def asked_in_fhir() -> bool:
    """Whether this request expects FHIR, also for its errors."""
    return request.path.startswith(PREFIX)


def of_problem(problem: Problem, error: BaseException | None) -> Response:
    """The answer to whatever went wrong."""
    if isinstance(error, Declined):
        return answer(error.resource, error.status)
    if isinstance(error, Malformed):
        # Well-formed, but not what is done here, is another status than what cannot be read.
        status = 422 if error.code == "business-rule" else 400
        return answer(outcome(error.code, f"{error.path}: {error.reason}", path=error.path), status)
    for kind in type(error).__mro__:
        if kind in _KINDS:
            status, code = _KINDS[kind]
            return answer(outcome(code, str(error)), status)
    response = answer(outcome(_code(problem.status), f"{problem.title}."), problem.status)
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="fhir"'
    if problem.code == "wrong-scope":
        response.headers["WWW-Authenticate"] = 'Bearer realm="fhir", error="insufficient_scope"'
    return response


def answer(resource: Mapping[str, Any], status: int = 200) -> Response:
    """A resource as an answer."""
    return Response(to_json(resource), status, mimetype=MEDIA_TYPE)


def _code(status: int) -> str:
    return _STATUSES.get(status, "exception" if status >= 500 else "invalid")
