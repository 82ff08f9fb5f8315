"""The two questions a supervisor asks: does the process live, and can it serve."""

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from telemed import database
from telemed.offering import NOT_READY
from telemed.services import Services


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `health.live` and `health.ready`; neither says more than yes or no."""
    blueprint = Blueprint("health", __name__, url_prefix="/health")

    @blueprint.get("/live")
    def live() -> dict[str, str]:
        return {"status": "ok"}

    @blueprint.get("/ready")
    def ready() -> tuple[dict[str, str], int]:
        try:
            with database.read(services.engine) as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return {"status": "no database"}, 503
        # Everything else serves: only the kiosks wait for somebody to check their texts.
        silent = {} if services.kiosk_languages else {"kiosks": NOT_READY}
        return {"status": "ok", **silent}, 200

    return blueprint
