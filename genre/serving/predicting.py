"""The views that cost time: a file, or music made on the spot, to its genres."""

import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from apiflask import APIFlask
from flask import g, request

from genre.serving.access import Access
from genre.serving.answers import prediction
from genre.serving.engine import Answer, Engine, QueueFullError
from genre.serving.excerpt import ExcerptJob, read_excerpt
from genre.serving.problems import Problem
from genre.serving.schemas import GenreForm, PictureQuery, Prediction, UploadForm
from genre.serving.uploads import new_file
from genre.tagging.reading import ReadJob, read_track

View = TypeVar("View", bound=Callable[..., Any])


def add_predictions(app: APIFlask, engine: Engine, access: Access) -> None:
    """Add the views.

    Parameters
    ----------
    app : APIFlask
    engine : Engine
        Does the work.
    access : Access
        Guards them.
    """

    def _job_for(path: str, query: PictureQuery) -> ReadJob:
        g.upload = path
        with_picture = query.picture == "true"
        return ReadJob(path=Path(path), front_end=engine.front_end, with_picture=with_picture)

    @app.post("/predict")
    @access.guard(app)
    @_takes("multipart/form-data", engine)
    @_with_one_file
    @app.input(UploadForm, location="files")
    @app.input(PictureQuery, location="query")
    @app.output(Prediction)
    def predict(files_data: UploadForm, query_data: PictureQuery) -> Prediction:
        """Name the genres of an audio file."""
        stream = files_data.file.stream
        stream.flush()
        return _sent(engine.work(read_track, _job_for(stream.name, query_data)))

    @app.post("/predict_text")
    @access.guard(app)
    @_takes("application/json", engine)
    @app.input(GenreForm, location="json")
    @app.input(PictureQuery, location="query")
    @app.output(Prediction)
    def predict_text(json_data: GenreForm, query_data: PictureQuery) -> Prediction:
        """Try the model without a file: the sample synthesiser plays, the model listens."""
        path = new_file().name
        job = ExcerptJob(genre=json_data.genre, read=_job_for(path, query_data))
        return _sent(engine.work(read_excerpt, job))


def _sent(answer: Answer) -> Prediction:
    milliseconds = {"decode": answer.read.seconds, "score": answer.score_seconds}
    for name, seconds in milliseconds.items():
        g.fields[f"{name}_ms"] = round(1000 * seconds, 1)
    total = time.perf_counter() - g.started
    return prediction(answer, request_id=g.request_id, total_seconds=total)


def _with_one_file(view: View) -> View:
    @wraps(view)
    def _guarded(*arguments: object, **options: object) -> object:
        if len(request.files.getlist("file")) != 1:
            raise Problem(422, "file must be there once, with a file name; one file per request")
        return view(*arguments, **options)

    return _guarded  # type: ignore[return-value]  # it takes and gives what the view does


def _takes(media_type: str, engine: Engine) -> Callable[[View], View]:
    """Refuse what cannot be served before its body is read."""

    def _decorate(view: View) -> View:
        @wraps(view)
        def _guarded(*arguments: object, **options: object) -> object:
            if request.mimetype != media_type:
                raise Problem(415, f"the body must be {media_type}")
            if engine.is_full:
                raise QueueFullError
            return view(*arguments, **options)

        return _guarded  # type: ignore[return-value]  # it takes and gives what the view does

    return _decorate
