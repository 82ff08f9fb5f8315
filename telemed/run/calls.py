"""The calls process: the same services, but only the Socket.IO namespace and the health checks."""

from flask import Flask

from telemed.services import Services
from telemed.web import calls, health


def create_calls(services: Services) -> Flask:
    """Return the application that a calls process serves."""
    app = Flask(__name__)
    app.register_blueprint(health.make_blueprint(services))
    calls.mount(app, services, beside_others=True)
    return app
