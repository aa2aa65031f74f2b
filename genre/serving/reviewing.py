"""The page that reviews labels, for one person on this machine.

Its address holds a token, so that no other program or page can guess it; Host and Origin are
checked besides. Audio is served by the key of a track of the review, never by a path.
"""

import errno
import mimetypes
import secrets
import signal
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, jsonify, request, send_file

from genre.errors import AudioError, ConfigError, GenreError
from genre.json_files import parse_json
from genre.pages import review_page
from genre.review import ChangedMeanwhileError
from genre.review.answers import Answer
from genre.review.queue import Item
from genre.review.reasons import REASONS
from genre.review.session import Session
from genre.serving.access import is_token, secure
from genre.serving.config import ServingConfig
from genre.serving.origins import Origins
from genre.serving.problems import DISK_IS_FULL, Problem
from genre.serving.review_ears import Ears, Load, telling_seconds
from genre.serving.server import Server

PAGE = Path(__file__).parent / "review_page"
N_WORKERS = 2
_MAX_JSON_BYTES = 2**16


def create_review_app(session: Session, ears: Ears, config: ServingConfig, *, token: str) -> Flask:
    """Build the application; every address of it begins with the token.

    Parameters
    ----------
    session : Session
        The review.
    ears : Ears
        Listens to its tracks.
    config : ServingConfig
        Where it listens.
    token : str
        The first part of every address.
    """
    app = Flask("genre.serving.reviewing", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _MAX_JSON_BYTES
    secure(app, Origins(config, has_token=False), media="'self'")

    @app.url_value_preprocessor
    def _check(_: str | None, values: dict[str, Any] | None) -> None:
        if values is None or not is_token(values.pop("token", ""), token):
            raise Problem(401, "the address must be the whole one that `genre review` printed")

    _add_failures(app)
    _add_page(app)
    _add_tracks(app, session, ears)
    _add_answers(app, session)
    return app


def _add_page(app: Flask) -> None:
    page, files = review_page(PAGE, also=[PAGE.with_name("page") / "picture.js"])

    @app.get("/<token>/")
    def index() -> Response:
        """Send the page."""
        return Response(page, mimetype="text/html")

    @app.get("/<token>/page/<name>")
    def page_file(name: str) -> Response:
        """Send one of the page's files."""
        if name not in files:
            abort(404)
        return send_file(files[name])


def _add_tracks(app: Flask, session: Session, ears: Ears) -> None:
    @app.get("/<token>/queue")
    def queue() -> Response:
        """List what is to be listened to, and what has been answered."""
        return jsonify(_state(session))

    @app.get("/<token>/heard/<key>")
    def heard(key: str) -> Response:
        """Listen to a track: its scores over time, and where to begin."""
        found = session.queue()
        item = next((item for item in found.items if session.key_of(item.file) == key), None)
        file = session.file_of(key)
        if item is None or file is None:
            raise Problem(404, "there is no such track in the queue")
        tags = ears.hear(key, file, item.track_id)
        start = telling_seconds(tags, item.genres, item.reasons[0].suggested)
        return jsonify(tags | {"telling_seconds": start})

    @app.get("/<token>/audio/<key>")
    def audio(key: str) -> Response:
        """Send a track's file."""
        file = session.file_of(key)
        if file is None:
            raise Problem(404, "there is no such track in this review")
        guessed = mimetypes.guess_type(file.name)[0] or ""
        kind = guessed if guessed.startswith(("audio/", "video/")) else "application/octet-stream"
        return send_file(file.resolve(), mimetype=kind, conditional=True)


def _add_answers(app: Flask, session: Session) -> None:
    @app.post("/<token>/answer")
    def answer() -> Response:
        """Write down what somebody says of a track."""
        said = _asked()
        try:
            wanted = Answer(**{**said, "before": tuple(said.get("before", ()))})
        except TypeError as error:
            raise Problem(422, f"the answer cannot be read: {error}") from error
        if not all(isinstance(value, str) for value in (*wanted.before, *_texts(wanted))):
            raise Problem(422, "every part of an answer must be text")
        n_tracks = session.answer(wanted)
        return jsonify({**_state(session), "n_tracks": n_tracks})

    @app.post("/<token>/undo")
    def undo() -> Response:
        """Take the last answer back."""
        session.undo()
        return jsonify(_state(session))

    @app.post("/<token>/table")
    def table() -> Response:
        """Make the table of labels, where there is none, or its column of parts."""
        session.make_table()
        return jsonify(_state(session))


def _texts(answer: Answer) -> tuple[object, ...]:
    return answer.key, answer.action, answer.label, answer.genre, answer.scope


def _asked() -> dict[str, Any]:
    if request.mimetype != "application/json":
        raise Problem(415, "the body must be application/json")
    try:
        said = parse_json(request.get_data(), max_mb=1)
    except ValueError as error:
        raise Problem(400, f"the body must be JSON: {error}") from error
    if not isinstance(said, dict):
        raise Problem(400, "the body must be a JSON object")
    return said


def _add_failures(app: Flask) -> None:
    def _said(status: int, kind: str, detail: str) -> Response:
        response = jsonify({"kind": kind, "detail": detail})
        response.status_code = status
        return response

    @app.errorhandler(Problem)
    def _problem(error: Problem) -> Response:
        return _said(error.status_code, error.extra_data["kind"], error.reason)

    @app.errorhandler(ChangedMeanwhileError)
    def _changed(error: ChangedMeanwhileError) -> Response:
        return _said(409, "changed", str(error))

    @app.errorhandler(AudioError)
    def _audio(error: AudioError) -> Response:
        return _said(422, error.kind.value, error.message)

    @app.errorhandler(GenreError)
    def _wrong(error: GenreError) -> Response:
        return _said(422, "invalid", str(error))

    @app.errorhandler(OSError)
    def _disk(error: OSError) -> Response:
        if error.errno in DISK_IS_FULL:
            return _said(507, "full", "The disk is full: nothing was written. Free some space.")
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            words = "The labels cannot be written here: nothing was. Use --labels-file FILE."
            return _said(507, "read_only", words)
        raise error


def _state(session: Session) -> dict[str, Any]:
    queue = session.queue()
    progress = session.progress(queue)
    genres = sorted({*session.judged.genres, *progress.of_genre})
    return {
        "items": [_sent(session, item) for item in queue.items],
        "reasons": REASONS,
        "genres": {name: session.called(name) for name in genres},
        "n_tracks": queue.n_tracks,
        "not_judged": queue.not_judged[:20],
        "n_not_judged": len(queue.not_judged),
        "progress": asdict(progress),
        "lacks_table": session.lacks_table,
        "lacks_column": session.book.lacks_column,
        "table": str(session.book.path),
    }


def _sent(session: Session, item: Item) -> dict[str, Any]:
    return {
        "key": session.key_of(item.file),
        "name": item.track_id,
        "genres": item.genres,
        "artist": item.artist,
        "album": item.album,
        "reasons": [asdict(reason) for reason in item.reasons],
    }


def serve_review(
    session: Session,
    config: ServingConfig,
    *,
    load: Load,
    best: Path,
    announce: Callable[[str], None],
) -> None:
    """Serve the page until a signal comes.

    Parameters
    ----------
    session : Session
        The review.
    config : ServingConfig
        Where it listens.
    load : callable of Path
        Loads the model in a folder.
    best : Path
        The experiment's best model.
    announce : callable of str
        Told the address, with its token.

    Raises
    ------
    ConfigError
        Where the port is taken.
    """
    token = secrets.token_urlsafe(24)
    app = create_review_app(session, Ears(session, load, best), config, token=token)
    try:
        server = Server(app, config, n_workers=N_WORKERS)
    except (OSError, ValueError) as error:
        raise ConfigError(f"port={config.port} must be free to listen on: {error}") from error
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.end())
    announce(f"http://{server.effective_host}:{server.effective_port}/{token}/")
    server.serve()
