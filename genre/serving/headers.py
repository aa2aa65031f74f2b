"""Headers that keep a browser from doing what the page never asks for."""

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src blob:",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
ON_EVERYTHING = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def secure(app: Flask) -> None:
    """Add the headers to every answer of an app.

    Parameters
    ----------
    app : Flask
    """

    @app.after_request
    def _add(response: Response) -> Response:
        response.headers.extend(ON_EVERYTHING)
        # Answers are about one upload; the page may be kept but must be asked for again.
        is_page = request.endpoint in ("index", "page_file")
        response.headers["Cache-Control"] = "no-cache" if is_page else "no-store"
        return response
