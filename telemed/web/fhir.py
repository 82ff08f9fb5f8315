"""The door for other systems: FHIR R4 at /fhir/R4, made from the table that its CapabilityStatement says."""

from flask import Blueprint, Response, jsonify

from telemed.fhir import capability, table
from telemed.services import Services
from telemed.visits.directory import Directory
from telemed.web import fhir_appointments, fhir_directory, fhir_times
from telemed.web.fhir_exchange import Exchange, negotiate
from telemed.web.fhir_outcomes import answer

PATH = "/fhir/R4"


def make_blueprint(services: Services) -> Blueprint:
    """Every door of the table, and the two that say what there is."""
    origin = services.settings.public_origin.rstrip("/")
    ex = Exchange(services, origin + PATH)
    directory = Directory()
    blueprint = Blueprint("fhir", __name__, url_prefix=PATH)
    blueprint.before_request(negotiate)
    views = {
        **fhir_directory.views(ex),
        **fhir_times.views(ex, directory),
        **fhir_appointments.views(ex, directory),
    }
    for door in table.doors():
        blueprint.add_url_rule(
            door.path,
            endpoint=door.endpoint.removeprefix("fhir."),
            view_func=views[door.served.type, door.does],
            methods=[door.method],
        )

    @blueprint.get("/metadata")
    def metadata() -> Response:
        return answer(capability.statement(ex.base, origin))

    @blueprint.get("/.well-known/smart-configuration")
    def smart_configuration() -> Response:
        return jsonify(capability.smart_configuration(origin, table.scopes()))

    return blueprint
