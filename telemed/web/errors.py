"""From error to answer: a page in the visitor's language that says what to do next, or JSON for scripts."""

import structlog
from flask import Flask, Response, g, jsonify, render_template, request, session
from werkzeug.exceptions import HTTPException

from telemed.logs import describe_error
from telemed.texts import Texts
from telemed.web import fhir_outcomes, language
from telemed.web.access import entry_of
from telemed.web.problems import BY_ERROR, BY_STATUS, PROBLEMS, Problem, Refusal, of_error
from telemed.web.sessions import StoredSession

_log = structlog.get_logger()


def register(app: Flask, texts: Texts) -> None:
    """Answer every error in one way; only what we did not expect is logged."""

    def answer(problem: Problem, error: Exception) -> Response:
        if fhir_outcomes.asked_in_fhir():
            return fhir_outcomes.of_problem(problem, error)
        by_script = request.path.startswith(("/api/", "/oauth/"))
        return as_json(problem, texts) if by_script else as_page(problem)

    def known(error: Exception) -> Response:
        return answer(of_error(error), error)

    kinds: tuple[type[Exception], ...] = (Refusal, *BY_ERROR, *fhir_outcomes.OWN)
    for kind in kinds:
        app.register_error_handler(kind, known)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        if error.response is not None or (error.code or 500) < 400:
            return app.make_response(error.get_response())
        response = answer(_of_status(error.code or 500), error)
        response.status_code = error.code or 500
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        _log.error("unexpected", endpoint=request.endpoint, status=500, **describe_error(error))
        # The database may be what failed; the page about it must not ask it anything.
        if isinstance(session, StoredSession):
            session.close()
        return answer(PROBLEMS["our-fault"], error)


def as_json(problem: Problem, texts: Texts) -> Response:
    """An answer after RFC 9457 for scripts."""
    chosen = g.get("lang") or language.choose(request)
    response = jsonify(
        type=f"urn:telemed:{problem.code}",
        code=problem.code,
        status=problem.status,
        title=texts.translate(chosen, problem.title),
        detail=texts.translate(chosen, problem.advice),
    )
    response.status_code, response.mimetype = problem.status, "application/problem+json"
    return response


def as_page(problem: Problem) -> Response:
    """A page for people; each audience gets it in its own frame with its own way back."""
    g.setdefault("lang", language.choose(request))
    return Response(
        render_template(f"errors/{audience()}.html", problem=problem), problem.status, mimetype="text/html"
    )


def audience() -> str:
    """In whose frame an error page is shown: by the door's cookie, else by the address."""
    entry = entry_of(request.endpoint)
    if entry and entry.cookie:
        return entry.cookie
    first = request.path.split("/")[1]
    return {"kiosk": "kiosk", "my": "my"}.get(first, "staff")


def _of_status(status: int) -> Problem:
    return BY_STATUS.get(status) or (PROBLEMS["bad-request"] if status < 500 else PROBLEMS["our-fault"])
