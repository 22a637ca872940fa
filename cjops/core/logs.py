"""Logs: one line an event, tied together by the request's id, with no secret and no forged line."""

import re
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

REDACTED = "[redacted]"
SECRET_NAME = re.compile(
    r"passw|secret|token|authorization|cookie|session_?key|api_?key|credential|otp|(^|_)code_?key",
    re.IGNORECASE,
)
# The password in an address; what follows the scheme of an Authorization header; the key in a
# link that resets a password or confirms an address; a secret among the parameters of a request.
SECRET_VALUE = re.compile(
    r"(://[^\s/:@]*:)[^\s@]+(?=@)"
    r"|(\b(?:Bearer|Token|Basic)\s+)[\w.~+/=-]{8,}"
    r"|(/(?:reset/key|confirm-email)/)[^\s/'\"]+"
    r"|([?&](?:token|key|code|password|secret|state)=)[^&\s'\"]+",
    re.IGNORECASE,
)
# What could end a line, move the cursor, or show text in another order than it is stored.
CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# Text of ours: a traceback stays readable, each line marked as a continuation.
CONTINUATION = "\n    | "


def request_id() -> str:
    """The id that ties an answer, its log lines and its tasks together."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def configuration(log_format: str) -> dict[str, Any]:
    """The value of Django's LOGGING; `log_format` is `console` or `json`."""
    shared = _shared_processors()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    redact,
                    *_renderer(log_format),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            # Django's own handlers would print everything a second time.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # Said once, with the request's id, by the request log.
            "django.request": {"level": "CRITICAL"},
            "celery.app.trace": {"level": "CRITICAL"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank out secrets, by the name of the field or the look of the value."""
    return {name: _redacted(name, value) for name, value in event.items()}


def escape(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Show control characters instead of sending them to a terminal."""
    return {name: _escaped(name, value) for name, value in event.items()}


def _redacted(name: str, value: Any) -> Any:
    if SECRET_NAME.search(name) and value not in (None, ""):
        return REDACTED
    if isinstance(value, str):
        return SECRET_VALUE.sub(_blank, value)
    if isinstance(value, Mapping):
        return {key: _redacted(str(key), member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted("", member) for member in value]
    return value


def _blank(found: re.Match[str]) -> str:
    return f"{found[found.lastindex or 0]}{REDACTED}"


def _escaped(name: str, value: Any) -> Any:
    text = value if isinstance(value, str) else str(value)
    if name in ("exception", "stack"):
        return CONTINUATION.join(["", *map(_visible, text.split("\n"))])
    return _visible(text)


def _visible(text: str) -> str:
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _shared_processors() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _renderer(log_format: str) -> list[Any]:
    if log_format == "json":
        # All but ASCII is escaped, so nothing in a value can end the line.
        return [structlog.processors.JSONRenderer(ensure_ascii=True, default=str)]
    if log_format == "console":
        return [escape, _line]
    raise ValueError(f"LOG_FORMAT is {log_format!r}; it may be console or json.")


def _line(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """`time level event name=value ...`, and a traceback below."""
    time, level, what = (event.pop(name, "") for name in ("timestamp", "level", "event"))
    trace = event.pop("exception", "") + event.pop("stack", "")
    logger = event.pop("logger", "")
    rest = "".join(f" {name}={value}" for name, value in event.items())
    return f"{time[11:23]} {level:<8} {what}{rest} ({logger}){trace}"
