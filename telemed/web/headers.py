"""The security headers that every answer carries: pages, files, errors alike."""

from urllib.parse import urlsplit

from flask import Flask, Response

# Bluetooth is ours alone by default; where it is switched off Chromium complains of its name on every page.
PERMISSIONS = ", ".join(
    [f"{allowed}=(self)" for allowed in ("camera", "microphone", "screen-wake-lock")]
    + [f"{refused}=()" for refused in ("display-capture", "geolocation", "payment", "serial", "usb")]
)


# For answers that only our script fetches and takes apart: whoever opened one as a page would see it bare.
NOTHING_LOADS = "default-src 'none'; frame-ancestors 'none'"
OF_EVERYTHING = ("Strict-Transport-Security", "X-Content-Type-Options", "Cross-Origin-Resource-Policy")
"""What also an answer carries that no browser shows as a page."""


def content_security_policy(public_origin: str) -> str:
    """Nothing is allowed except what our own pages load; no inline script, no inline style."""
    address = urlsplit(public_origin)
    socket = f"{'wss' if address.scheme == 'https' else 'ws'}://{address.netloc}"
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "media-src": "'self' blob:",
        "connect-src": f"'self' {socket}",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def fixed(public_origin: str) -> dict[str, str]:
    """The headers whose value is the same for every answer."""
    return {
        "Content-Security-Policy": content_security_policy(public_origin),
        "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        # With no-referrer browsers send "Origin: null" on our own forms; the Origin check needs the truth.
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def register(app: Flask, public_origin: str) -> None:
    """Put the headers on every answer; what a view does not declare cacheable is stored nowhere.

    JSON, and what a view has given the strictest policy, is no page; what only pages heed stays away from it:
    on a thin line each of these headers costs as much as a question.
    """
    headers = fixed(public_origin)
    strictest = {name: headers[name] for name in OF_EVERYTHING}

    @app.after_request
    def add(response: Response) -> Response:
        if response.mimetype == "application/json":
            response.headers["Content-Security-Policy"] = NOTHING_LOADS
        strict = response.headers.get("Content-Security-Policy") == NOTHING_LOADS
        response.headers.update(strictest if strict else headers)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
