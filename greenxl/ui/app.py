"""The addresses of the page: what each shows or does. Every one of them is behind the guard."""

from collections.abc import Callable
from typing import Any

import jinja2
from flask import Flask, Response, jsonify, redirect, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from greenxl.errors import GreenxlError
from greenxl.i18n import LANGUAGE, _
from greenxl.ui import buttons, choices, mailing, view
from greenxl.ui.guard import Guard, seal
from greenxl.ui.jobs import Job
from greenxl.ui.messages import Message, as_pressed, problem
from greenxl.ui.returned import id_of, most_bytes, receive
from greenxl.ui.session import Session
from greenxl.workbooks.opening import size_text

_MOST_REQUEST = 1024**3
"""Bytes of a request: a form without script sends all files in one."""
_FRAGMENT = "X-Greenxl-Fragment"
"""Set by the page's script: only what changes of the page is wanted."""
_ROUND = "X-Greenxl-Round"
"""Set by the page's script: the round that its window shows."""
_CONFLICT = 409


def create_app(session: Session, guard: Guard, close: Callable[[], None]) -> Flask:
    """Return the application; ``close`` ends the server."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _MOST_REQUEST
    app.config["MAX_FORM_PARTS"] = 20_000
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["as_pressed"] = as_pressed
    app.jinja_env.globals |= {"_": _, "lang": LANGUAGE.replace("_", "-")}
    _guarded(app, guard)
    _shown(app, session)
    _pressed(app, session, close)
    return app


def _guarded(app: Flask, guard: Guard) -> None:
    @app.before_request
    def admit() -> AnyResponse | tuple[str, int] | None:
        reason = guard.refusal(request)
        if reason:
            return render_template("refused.html", reason=reason), 403
        if request.method == "GET" and request.path == "/" and guard.brings_key(request):
            return guard.admit(app.make_response(redirect("/", 303)))
        return None

    app.after_request(seal)

    @app.errorhandler(Exception)
    def sentence(error: Exception) -> tuple[str, int]:
        if isinstance(error, RequestEntityTooLarge):
            return _refused(_("This is more than can be taken in at once. Drop fewer files."), 413)
        if isinstance(error, HTTPException):
            return _refused(_("There is nothing at this address."), error.code or 404)
        return _refused(problem(error).text, 500)


def _refused(reason: str, code: int) -> tuple[str, int]:
    return render_template("refused.html", reason=reason), code


def _shown(app: Flask, session: Session) -> None:
    @app.get("/")
    def page() -> str:
        return render_template("page.html", **_context(session))

    @app.get("/part")
    def part() -> str:
        return render_template("part.html", **_context(session))

    @app.get("/progress")
    def progress() -> Response:
        job = session.jobs.running
        if job is None:
            return jsonify(running=False)
        return jsonify(running=True, words=_job_words(job), done=job.done, all=job.all)


def _context(session: Session) -> dict[str, Any]:
    """Return what the template shows; where the round cannot be shown, the reason is a message."""
    session.look()
    job = session.jobs.running  # before all else: what is shown with no job under way is whole
    found = session.found
    shown, review, messages = None, None, session.shown_messages
    try:
        if found and session.folder:
            shown = view.round_view(found, session.today())
            review = None if job else _review(session)
    except (GreenxlError, OSError) as error:
        messages = (*messages, problem(error))
    campaign = found.result.campaign if found else None
    return {
        "session": session,
        "round_id": id_of(str(session.folder)) if session.folder else "",
        "messages": messages,
        "job": job,
        "job_words": _job_words(job) if job else "",
        "campaign": campaign,
        "title": view.title_of(campaign) if campaign else "",
        "deadline": view.deadline_of(campaign, session.today()) if campaign else None,
        "round": shown,
        "review": review,
        "past_words": mailing.past_words,
        "rounds": choices.rounds(session),
        "places": choices.places(session),
        "sources": choices.sources(session),
        "new_year": choices.next_year(campaign, session.today()),
        "new_name": choices.next_name(campaign, session.today()),
        "limit": most_bytes(""),
        "limit_words": size_text(most_bytes("")),
        "archive_limit": most_bytes(".zip"),
    }


def _job_words(job: Job) -> str:
    if not job.all:
        return job.title
    return _("{work} {done}/{all}").format(work=job.title, done=job.done, all=job.all)


def _review(session: Session) -> mailing.Plan | None:
    """Return the letters to be confirmed, where the address asks for some."""
    kind = request.args.get("send")
    if kind is None:
        return None
    return mailing.planned(session, mailing.kind_named(kind))


def _pressed(app: Flask, session: Session, close: Callable[[], None]) -> None:
    @app.post("/do/<name>")
    def press(name: str) -> str | AnyResponse:
        if _shows_this_round(session):
            buttons.press(session, name, request.form.to_dict())
        return _answer(session)

    @app.post("/files")
    def files() -> str | AnyResponse | tuple[AnyResponse, int]:
        folder = session.ready_folder() if _shows_this_round(session) else None
        if folder is None:
            return (jsonify(), _CONFLICT) if _FRAGMENT in request.headers else _answer(session)
        for one in request.files.getlist("file"):
            if one.filename:
                session.received.append(receive(folder, one.filename, one.stream))
        if _FRAGMENT in request.headers:
            return jsonify(received=len(session.received))
        buttons.press(session, "check", {})
        return _answer(session)

    @app.post("/close")
    def closing() -> str:
        close()
        return render_template("closed.html")


def _shows_this_round(session: Session) -> bool:
    """Whether the window that asks shows the session's round; a message says if it does not."""
    shown = request.headers.get(_ROUND)
    if shown is None or not session.folder or shown == id_of(str(session.folder)):
        return True
    text = _(
        "Another round was opened in another window meanwhile, and nothing was done. This is that round:"
    )
    session.messages = (Message(f"{text} {session.folder.name}", True),)
    return False


def _answer(session: Session) -> str | AnyResponse:
    """Return what changes of the page to its script, and send a form without it back to the page."""
    if _FRAGMENT in request.headers:
        return render_template("part.html", **_context(session))
    return redirect("/", 303)
