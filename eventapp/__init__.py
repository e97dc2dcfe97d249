"""eventapp: a webinar through its whole life."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from eventapp import reactions
from eventapp.accounts import security
from eventapp.audience_reactions.routes import blueprint as audience_reactions
from eventapp.core import (
    access,
    assets,
    db,
    error_pages,
    events,
    files,
    forms,
    health,
    i18n,
    limits,
    logs,
    mailer,
    outbox,
    page_cache,
    queue,
    resumable,
    revision,
    security_headers,
    sessions,
    site_address,
)
from eventapp.form_fields import answered
from eventapp.form_fields.models import FormField
from eventapp.form_fields.routes import blueprint as form_fields
from eventapp.learnings.queries import find_body
from eventapp.learnings.routes import blueprint as learnings
from eventapp.live import kept_states
from eventapp.live.personal_data import KEEPER as LIVE_LOG
from eventapp.live.routes import blueprint as live
from eventapp.messages import incoming
from eventapp.messages import navigation as message_navigation
from eventapp.messages.broadcasts.routes import blueprint as broadcasts
from eventapp.messages.incoming.routes import blueprint as incoming_messages
from eventapp.messages.personal_data import KEEPER as MESSAGES
from eventapp.messages.reminders import sweep as reminder_sweep
from eventapp.messages.reminders.routes import blueprint as reminders
from eventapp.messages.routes import blueprint as messages
from eventapp.messages.wordings.own import find_own_words
from eventapp.messages.wordings.routes import blueprint as wordings
from eventapp.pages import navigation, share_card, sharing
from eventapp.pages.routes import blueprint as pages
from eventapp.polls.personal_data import KEEPER as POLLS
from eventapp.polls.routes import blueprint as polls
from eventapp.presentations.models import Presentation
from eventapp.presentations.routes import blueprint as presentations
from eventapp.questions import doors
from eventapp.questions.personal_data import KEEPER as QUESTIONS
from eventapp.questions.routes import blueprint as questions
from eventapp.registrations import personal_data, sweeps
from eventapp.registrations.answers import count_answers
from eventapp.registrations.models import RegistrationPolicy
from eventapp.registrations.queries import count_hearers, count_taken, find_opening
from eventapp.registrations.routes import blueprint as registrations
from eventapp.registrations.routes.unsubscribe import unsubscribe
from eventapp.replays import written
from eventapp.replays.models import ReplayEdition
from eventapp.replays.routes import blueprint as replays
from eventapp.replays.uploaded import RECORDINGS
from eventapp.speakers.models import Speaker
from eventapp.speakers.routes import blueprint as speakers
from eventapp.webinars import hearers, opening
from eventapp.webinars.models import AgendaItem, AgendaItemSpeaker, Webinar, WebinarSpeaker
from eventapp.webinars.routes import blueprint as webinars

ROOT = Path(__file__).parent.parent
SMALL_FORM_BYTES = 2 * 1024 * 1024

FEATURES = (
    pages,
    speakers,
    webinars,
    presentations,
    form_fields,
    registrations,
    questions,
    polls,
    audience_reactions,
    live,
    replays,
    learnings,
    messages,
    incoming_messages,
    broadcasts,
    reminders,
    wordings,
    health.blueprint,
)

PUBLIC_MODELS = (
    Webinar,
    WebinarSpeaker,
    AgendaItem,
    AgendaItemSpeaker,
    Speaker,
    Presentation,
    RegistrationPolicy,
    FormField,
    ReplayEdition,
)


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """Build the application; `overrides` are Flask's own configuration keys, for tests.

    Raises ConfigurationError when a setting is missing or wrong.
    """
    settings = settings or Settings.from_environment()
    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    app.url_map.converters["int"] = access.RowIdConverter
    app.config.update(flask_configuration(settings))
    app.config.update(overrides)
    settings.instance_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    _set_up_ground(app, settings)
    for blueprint in FEATURES:
        app.register_blueprint(blueprint)
    return app


def flask_configuration(settings: Settings) -> dict[str, Any]:
    return {
        "EVENTAPP": settings,
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": SMALL_FORM_BYTES,
        "MAX_FORM_MEMORY_SIZE": SMALL_FORM_BYTES,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "REMEMBER_COOKIE_SECURE": settings.is_https,
        "PREFERRED_URL_SCHEME": "https" if settings.is_https else "http",
        "WTF_CSRF_TIME_LIMIT": 12 * 60 * 60,
        # Doors tell nobody where they are, so their forms come without a Referer to compare.
        "WTF_CSRF_SSL_STRICT": False,
        "MAIL_SERVER": settings.mail_server or "localhost",
        "MAIL_PORT": settings.mail_port,
        "MAIL_USERNAME": settings.mail_username,
        "MAIL_PASSWORD": settings.mail_password,
        "MAIL_USE_TLS": settings.mail_use_tls,
        "MAIL_DEFAULT_SENDER": settings.mail_default_sender,
    }


def _set_up_ground(app: Flask, settings: Settings) -> None:
    """Set up what every feature stands on, in the order in which it is needed."""
    logs.init_app(app)
    sessions.init_app(app)
    security_headers.init_app(app, is_https=settings.is_https)
    site_address.init_app(app, base_url=settings.base_url)
    db.init_app(app, database_url=settings.database_url)
    Migrate(app, db.db, directory=str(ROOT / "migrations"))
    queue.init_app(app, redis_url=settings.redis_url, instance_dir=settings.instance_dir)
    files.init_app(app, storage_url=settings.storage_url, public_url=settings.storage_public_url)
    events.init_app(app, reactions.TABLE, write=outbox.write_jobs)
    outbox.init_app(app)
    mailer.init_app(app, find_own_words=find_own_words)
    incoming.init_app(app)
    i18n.init_app(app)
    limits.init_app(app, redis_url=settings.redis_url)
    # A mail program's one click comes without the form's token (RFC 8058).
    CSRFProtect(app).exempt(unsubscribe)
    security.init_app(app)
    access.init_app(app)
    forms.init_app(app)
    error_pages.init_app(app)
    assets.init_app(app)
    navigation.init_app(app)
    share_card.init_app(app)
    sharing.init_app(app)
    message_navigation.init_app(app)
    reminder_sweep.init_app(app)
    page_cache.init_app(app)
    written.init_app(app, find_learnings=find_body)
    hearers.init_app(app, count=count_hearers, count_seats=count_taken)
    opening.init_app(app, find=find_opening)
    sweeps.init_app(app)
    doors.init_app(app)
    kept_states.init_app(app)
    answered.init_app(app, count=count_answers)
    resumable.init_app(app, takes=(RECORDINGS,))
    personal_data.init_app(app, keepers=(LIVE_LOG, QUESTIONS, POLLS, MESSAGES))
    revision.watch(PUBLIC_MODELS)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        # Only who asks is taken from a proxy; the site's own address is a setting.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0
        )
