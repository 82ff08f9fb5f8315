"""Sends answers small. Only for answers that hold no secret: compressed size would tell about one."""

import gzip

from flask import Response, request


def pack(response: Response) -> Response:
    """Compress an answer without anything personal when the browser can unpack it."""
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(response.get_data(), mtime=0))
        response.content_encoding = "gzip"
    return response


def pack_for_everybody(response: Response, seconds: int) -> Response:
    """Compress an answer that is the same for everybody and let it be kept for a while."""
    pack(response)
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    response.add_etag()
    response.make_conditional(request)
    return response
