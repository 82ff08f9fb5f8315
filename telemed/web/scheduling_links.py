"""SMART Scheduling Links as files: open to everybody, kept by caches, written by the worker."""

from flask import Blueprint, Response, send_from_directory

from telemed.fhir.scheduling_links import FILES
from telemed.services import Services
from telemed.visits.publishing import FOLDER, MANIFEST
from telemed.web.problems import Refusal

FRESH_SECONDS = 60


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `scheduling_links.manifest` and `scheduling_links.file`."""
    blueprint = Blueprint("scheduling_links", __name__, url_prefix="/scheduling-links")
    folder = (services.settings.data_dir / FOLDER).absolute()

    def send(name: str, media_type: str) -> Response:
        if not (folder / name).is_file():
            raise Refusal("not-found")
        response = send_from_directory(folder, name, mimetype=media_type, conditional=True)
        response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
        return response

    @blueprint.get("/$bulk-publish")
    def manifest() -> Response:
        return send(MANIFEST, "application/json")

    @blueprint.get("/<name>")
    def file(name: str) -> Response:
        if name not in FILES.values():
            raise Refusal("not-found")
        return send(name, "application/fhir+ndjson")

    return blueprint
