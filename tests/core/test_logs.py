"""Logs: tied to the request, free of secrets, and no line that a user wrote."""

import io
import json
import logging
import logging.config
from collections.abc import Callable

import pytest
import structlog

from cjops.core import logs

Log = Callable[[], str]


@pytest.fixture(params=["console", "json"])
def log_format(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def written(log_format: str):
    """What a logger wrote, formatted as the portal does; touches no global configuration."""
    formatters = logs.configuration(log_format)["formatters"]["lines"]
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=formatters["processors"], foreign_pre_chain=formatters["foreign_pre_chain"]
    )
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.getLogger("tests.logs")
    logger.addHandler(handler)
    logger.propagate = False
    yield stream.getvalue
    logger.removeHandler(handler)
    logger.propagate = True


def test_event_carries_the_id_of_its_request(written: Log, log_format: str):
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        structlog.get_logger("tests.logs").warning("saved", change=7)
        logging.getLogger("tests.logs").warning("saved %s", "too")
    first, second = written().splitlines()
    assert "r-1" in first
    assert "r-1" in second
    if log_format == "json":
        assert json.loads(first)["change"] == 7
        assert json.loads(second)["event"] == "saved too"


@pytest.mark.django_db
def test_a_request_is_one_line(client, caplog):
    with caplog.at_level(logging.INFO, logger="django_structlog"):
        client.get("/health/live")
    said = [record.getMessage() for record in caplog.records]
    assert sum("request_finished" in line for line in said) == 1
    assert not any("request_started" in line for line in said)


@pytest.mark.parametrize(
    "fields",
    [
        {"password": "hunter2"},
        {"api_token": "hunter2"},
        {"headers": {"Authorization": "hunter2", "Cookie": "hunter2"}},
        {"url": "postgres://portal:hunter2@db.example/portal"},
        {"header": "Bearer hunter2hunter2"},
        {"request": "GET /accounts/password/reset/key/hunter2/"},
        {"request": "GET /oidc/callback?code=hunter2&x=1"},
        {"items": ["Token hunter2hunter2"]},
    ],
)
def test_secrets_are_left_out(written: Log, fields: dict[str, object]):
    structlog.get_logger("tests.logs").warning("event", **fields)
    assert "hunter2" not in written()
    assert logs.REDACTED in written()


@pytest.mark.parametrize("bad", ["\n", "\r", "\x1b[2J", "\u2028", "\x85", "\u202e", "\x00"])
def test_no_value_can_forge_a_line_or_steer_a_terminal(written: Log, bad: str):
    structlog.get_logger("tests.logs").warning(f"event{bad}forged", name=f"x{bad}y")
    logging.getLogger("tests.logs").warning("std %s", f"x{bad}y")
    text = written()
    assert bad not in text.replace("\n", "") if bad != "\n" else True
    assert len(text.splitlines()) == 2


def test_traceback_is_kept_and_marked_as_belonging_to_its_event(written: Log, log_format: str):
    try:
        raise ValueError("wrong\n2026 error    forged")
    except ValueError:
        structlog.get_logger("tests.logs").exception("failed")
    lines = written().splitlines()
    assert "ValueError" in written()
    if log_format == "json":
        assert len(lines) == 1
    else:
        assert all(line.startswith("    | ") for line in lines[1:])


def test_unknown_format_is_refused():
    with pytest.raises(ValueError, match="LOG_FORMAT"):
        logs.configuration("xml")
