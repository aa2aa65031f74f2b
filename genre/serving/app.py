"""The HTTP interface as a WSGI application; its OpenAPI document is made from this code."""

from apiflask import APIFlask
from flask.json.provider import DefaultJSONProvider

from genre import __version__
from genre.serving.access import Access
from genre.serving.documenting import complete
from genre.serving.facts import add_facts
from genre.serving.failures import explain_failures
from genre.serving.headers import secure
from genre.serving.observing import Metrics, observe
from genre.serving.predicting import add_predictions
from genre.serving.service import Service
from genre.serving.uploads import FOLDER, UploadRequest


def create_app(service: Service) -> APIFlask:
    """Build the application.

    Parameters
    ----------
    service : Service

    Returns
    -------
    APIFlask
        For any WSGI server with threads.
    """
    # No docs page: the usual ones load their scripts from elsewhere.
    app = APIFlask("genre.serving", title="genre", version=__version__, docs_path=None)
    app.static_folder = None
    app.request_class = UploadRequest
    app.config[FOLDER] = service.uploads
    app.config["MAX_CONTENT_LENGTH"] = service.config.max_body_bytes
    # What comes in an order is sent in it.
    app.json = DefaultJSONProvider(app)
    app.json.sort_keys = False
    metrics = Metrics(service.engine)
    access = Access(service.token)
    observe(app, metrics)
    secure(app)
    explain_failures(app, service.config, metrics)
    add_facts(app, service, access, metrics)
    add_predictions(app, service.engine, access)
    complete(app)
    return app
