"""Bad input: each is a problem with a status of its own, and nothing is written."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from django.test import override_settings

from content.models import AssetVersion
from governance.models import Change, ChangeRevision, LedgerEntry
from journeys.models import Journey
from tests.api.conftest import CONTENT, V1, ApiClient, Bank, is_problem
from tests.cast import email_document

CHANGE = {"subject": {"kind": "journey", "key": "account-opening"}, "title": "Better"}
JOURNEY = {"key": "fresh", "name": "Fresh"}
ASSET = {"key": "fresh", "kind": "email", "team": "email", "document": email_document()}
FILLED = {"slot": "body", "asset": "onboarding-welcome", "version": 1, "rationale": "x"}

NO_TEXT: list[Any] = [1, 1.5, True, ["x"], {"x": 1}]
NUL, RTL = "a\x00b", "\u202eesrever"
LONG = "x" * 20_000

# address, a good body, field, values that do not fit it (None: the field is left out).
FIELDS: list[tuple[str, dict[str, Any], str, list[Any]]] = [
    ("/changes/", CHANGE, "title", [*NO_TEXT, None, "", "  ", NUL, RTL, LONG]),
    ("/changes/", CHANGE, "rationale", [*NO_TEXT, NUL, RTL, LONG]),
    ("/changes/", CHANGE, "hypothesis", [*NO_TEXT, NUL, RTL, LONG]),
    ("/changes/", CHANGE, "subject", ["journey", 1, [], {}, None, {"kind": "journey"}]),
    ("/changes/", CHANGE, "subject.kind", ["user", "Journey", 1, [], {}, True, ""]),
    ("/changes/", CHANGE, "subject.key", [*NO_TEXT, "", NUL, LONG]),
    ("/changes/", CHANGE, "subject.name", ["x"]),
    ("/changes/", CHANGE, "state", ["published"]),
    ("/changes/", CHANGE, "author", ["ana@bank.example"]),
    ("/journeys/", JOURNEY, "key", [*NO_TEXT, None, "", NUL, "A", "a b", "a--b", "ключ", "аdmin"]),
    (
        "/journeys/",
        JOURNEY,
        "key",
        ["x" * 81, "a\n", "ａ", "a/b", "-a", "é", "a\u200bb", "\u202ea"],
    ),
    ("/journeys/", JOURNEY, "name", [*NO_TEXT, None, "", NUL, LONG]),
    ("/journeys/", JOURNEY, "title", [*NO_TEXT, NUL, LONG]),
    ("/journeys/", JOURNEY, "is_restricted", ["yes", 1, [], {}, "true"]),
    ("/journeys/", JOURNEY, "document", ["x", 1, [], True]),
    ("/journeys/", JOURNEY, "is_live", [True]),
    ("/assets/", ASSET, "key", [*NO_TEXT, None, "", NUL, "A", "ключ", "x" * 81, "a\n"]),
    ("/assets/", ASSET, "kind", [*NO_TEXT, None, "", "letter"]),
    ("/assets/", ASSET, "team", [*NO_TEXT, None, "", NUL, "no-such-team"]),
    ("/assets/", ASSET, "name", [*NO_TEXT, NUL, LONG]),
    ("/assets/", ASSET, "is_restricted", ["yes", 1, [], {}]),
    ("/assets/", ASSET, "document", ["x", 1, []]),
    ("/assets/", ASSET, "live_version", [1]),
    ("/assets/onboarding-welcome/versions/", {"document": {}}, "document", ["x", 1, [], None]),
    (CONTENT, FILLED, "slot", [*NO_TEXT, None, "", NUL]),
    (CONTENT, FILLED, "asset", [*NO_TEXT, None, "", NUL]),
    (CONTENT, FILLED, "version", ["1", 1.0, 1.5, True, 0, -1, 2**31, 2**70, [1], {}, 99]),
    (CONTENT, FILLED, "document", ["x", 1, []]),
    (CONTENT, FILLED, "rationale", [*NO_TEXT, NUL, RTL, LONG]),
    (CONTENT, FILLED, "as_draft", ["yes", 1, []]),
    ("/changes/{n}/actions/comment/", {"comment": "x"}, "comment", [*NO_TEXT, "", NUL, RTL, LONG]),
    ("/changes/{n}/actions/comment/", {"comment": "x"}, "hunks", ["x", 1, {}, [1], ["x"]]),
    ("/changes/{n}/actions/comment/", {"comment": "x"}, "hunks", [["A" * 64], ["0" * 64 + "\n"]]),
    ("/changes/{n}/actions/comment/", {"comment": "x"}, "digest", [*NO_TEXT, "x", "0" * 63]),
    ("/changes/{n}/actions/comment/", {"comment": "x"}, "publish_at", [*NO_TEXT, "now", NUL]),
    ("/changes/{n}/actions/comment/", {"comment": "x"}, "state", ["approved"]),
]


def _cases() -> Iterator[Any]:
    for path, body, field, values in FIELDS:
        for value in values:
            yield pytest.param(path, body, field, value, id=f"{path} {field}={_short(value)}")


def _short(value: Any) -> str:
    return ascii(value)[:24]


@pytest.mark.parametrize(("path", "good", "field", "value"), list(_cases()))
def test_a_field_of_the_wrong_kind_is_named(
    bank: Bank, draft: Callable[[], int], path: str, good: Any, field: str, value: Any
) -> None:
    address = path.format(n=draft()) if "{n}" in path else path
    before = written()
    answer = bank.mei.call(address, put(good, field, value))
    body = is_problem(answer, 400, "invalid")
    named = {name.split(".")[0] for name in body["errors"]}
    assert field.split(".")[0] in named, body["errors"]
    assert all(isinstance(line, str) for lines in body["errors"].values() for line in lines)
    assert written() == before


def put(good: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
    """The good body with one field changed, or left out."""
    name, _, inner = field.partition(".")
    if inner:
        return {**good, name: {**good[name], inner: value}}
    if value is None:
        return {key: kept for key, kept in good.items() if key != name}
    return {**good, name: value}


def written() -> tuple[int, ...]:
    """How much there is of everything a call could leave behind."""
    models = (Change, ChangeRevision, LedgerEntry, AssetVersion, Journey)
    return tuple(model.objects.count() for model in models)


POSTS = ["/changes/", "/journeys/", "/assets/", CONTENT, "/assets/onboarding-welcome/versions/"]


@pytest.mark.parametrize("path", [*POSTS, "/changes/{n}/actions/submit/"])
@pytest.mark.parametrize("body", [[], "x", 1, 1.5, True, [{}], "null"], ids=repr)
def test_a_body_that_is_no_object_is_refused(
    bank: Bank, draft: Callable[[], int], path: str, body: Any
) -> None:
    sent = b"null" if body == "null" else body
    is_problem(bank.mei.call(path.format(n=draft()), sent), 400, "invalid")


@pytest.mark.parametrize(
    "edits",
    [
        {},
        {"edits": 1},
        "x",
        1,
        b"null",
        [1],
        [None],
        [[]],
        [{}],
        [{"op": 1, "element": "steps", "key": "wait"}],
        [{"op": "burn", "element": "steps", "key": "wait"}],
        [{"op": "update", "element": 1, "key": "wait", "fields": {}}],
        [{"op": "update", "element": "nothing", "key": "wait", "fields": {}}],
        [{"op": "update", "element": "steps", "key": 1, "fields": {}}],
        [{"op": "update", "element": "steps", "key": "gone", "fields": {}}],
        [{"op": "update", "element": "steps", "key": "wait", "fields": 1}],
        [{"op": "update", "element": "steps", "key": "wait", "fields": []}],
        [{"op": "update", "element": "steps", "key": "wait", "fields": {"key": "x"}}],
        [{"op": "update", "element": "steps", "key": "wait", "fields": {"/": 1}}],
        [{"op": "update", "element": "steps", "key": "wait", "fields": {"": 1}}],
        [{"op": "update", "element": "steps", "key": "wait", "fields": {"name/x": 1}}],
        [{"op": "update", "element": "steps", "key": "wait", "fields": {"name": 2**60}}],
        [{"op": "update", "element": "steps", "key": "wait", "fields": {}, "more": 1}],
        [{"op": "move", "element": "steps", "key": "wait"}],
        [{"op": "move", "element": "steps", "key": "wait", "after": 1}],
        [{"op": "move", "element": "steps", "key": "wait", "after": "wait"}],
        [{"op": "add", "element": "steps", "key": "wait"}],
        [{"op": "add", "element": "steps", "key": ""}],
        [{"op": "add", "element": "name", "key": "x"}],
        [{"op": "add", "element": "goal", "key": "x"}],
        [{"op": "remove", "element": "header", "key": ""}],
        [{"op": "update", "element": "header", "fields": {"steps": []}}],
        [{"op": "remove", "element": "steps", "key": "gone"}] * 2000,
    ],
    ids=_short,
)
def test_odd_edits_are_refused(bank: Bank, draft: Callable[[], int], edits: Any) -> None:
    number = draft()
    before = written()
    body = is_problem(bank.mei.call(f"/changes/{number}/edits/", edits), 400, "bad_edit")
    assert body["errors"]
    assert written() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"name": 1},
        {"name": NUL},
        {"name": "\u202eesrever"},
        {"name": "x" * 201},
        {"nope": "x"},
        {"kind": "dance"},
        {"emotion": 3},
        {"emotion": "1"},
        {"slots": []},
        {"slots/A b": {}},
        {"slots/body/version": 0},
        {"slots/body/digest": "x"},
        {"tags": "x"},
        {"tags": ["x"]},
        {"channel": "E-Mail"},
        {"kpi": {"metric": 1}},
        {"support_teams": ["a b"]},
    ],
    ids=_short,
)
def test_edits_that_leave_no_journey_are_refused(
    bank: Bank, draft: Callable[[], int], fields: dict[str, Any]
) -> None:
    number = draft()
    before = written()
    edits = [{"op": "update", "element": "steps", "key": "wait", "fields": fields}]
    answer = bank.mei.call(f"/changes/{number}/edits/", edits)
    assert is_problem(answer, 422, "document_invalid")["findings"]
    assert written() == before


@pytest.mark.parametrize("fields", [{"team": "x"}, {"channel": "x"}, {"stage": "x"}])
def test_what_refers_to_nothing_blocks_submitting(
    bank: Bank, draft: Callable[[], int], fields: dict[str, Any]
) -> None:
    number = draft()
    edits = [{"op": "update", "element": "steps", "key": "wait", "fields": fields}]
    assert bank.mei.call(f"/changes/{number}/edits/", edits).status_code == 200
    is_problem(bank.mei.act(number, "submit"), 422, "document_invalid")
    # Whoever asks for the diff of a step that names nothing gets one all the same.
    for view in ("diff", "checks", "requirements", "conflicts"):
        assert bank.mei.read(f"/changes/{number}/{view}/").status_code == 200


def test_markup_is_text_like_any_other(bank: Bank) -> None:
    markup = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}{% debug %}"
    subject = {"kind": "journey", "key": "account-opening"}
    body = {"subject": subject, "title": markup, "rationale": markup, "hypothesis": markup}
    answer = bank.mei.call("/changes/", body)
    assert answer.status_code == 201
    assert answer.json()["title"] == markup
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_text_may_be_in_any_script(bank: Bank) -> None:
    title = "账户开立 · 開戶 · Überprüfung · עברית · 👩‍💻"
    answer = bank.mei.call("/changes/", {**CHANGE, "title": title})
    assert answer.json()["title"] == title


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{'a': 1}",
        b'{"title": }',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"\xff\xfe",
        b'"\\ud800"',
        b"\xef\xbb\xbf{}",
        b'{"a": 1}{"b": 2}',
        b"[" * 100_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b"[" * 500 + b"]" * 500,
        b"\x00",
    ],
    ids=_short,
)
@pytest.mark.parametrize("path", ["/changes/", "/changes/{n}/edits/", "/changes/{n}/document/"])
def test_what_is_no_json_is_refused(
    bank: Bank, draft: Callable[[], int], path: str, body: bytes
) -> None:
    method = "PUT" if path.endswith("document/") else "POST"
    answer = bank.mei.send(method, path.format(n=draft()), body, If_Match="*")
    is_problem(answer, 400)


@pytest.mark.parametrize("depth", [12, 45, 900])
def test_a_deep_document_is_refused(bank: Bank, draft: Callable[[], int], depth: int) -> None:
    body = b'{"goal":' * depth + b"{}" + b"}" * depth
    answer = bank.mei.send("PUT", f"/changes/{draft()}/document/", body, If_Match="*")
    is_problem(answer, 422 if depth < 40 else 400)


class TestSize:
    def test_a_body_over_ten_megabytes_is_too_large(
        self, bank: Bank, draft: Callable[[], int]
    ) -> None:
        body = orjson.dumps({"purpose": "x" * (10 * 1024 * 1024)})
        answer = bank.mei.send("PUT", f"/changes/{draft()}/document/", body, If_Match="*")
        is_problem(answer, 413, "too_large")
        is_problem(bank.mei.call("/changes/", body), 413, "too_large")

    def test_a_large_body_within_the_limit_is_looked_at(
        self, bank: Bank, draft: Callable[[], int]
    ) -> None:
        body = orjson.dumps({"purpose": "x" * (9 * 1024 * 1024)})
        answer = bank.mei.send("PUT", f"/changes/{draft()}/document/", body, If_Match="*")
        is_problem(answer, 422, "document_invalid")

    def test_many_unknown_fields_make_a_short_refusal(self, bank: Bank) -> None:
        answer = bank.mei.call("/changes/", {f"field{i}": i for i in range(50_000)})
        assert len(is_problem(answer, 400)["errors"]) < 50
        assert len(answer.content) < 10_000

    def test_many_bad_digests_make_a_short_refusal(
        self, bank: Bank, draft: Callable[[], int]
    ) -> None:
        answer = bank.mei.act(draft(), "comment", {"comment": "x", "hunks": ["x"] * 5_000})
        is_problem(answer, 400)
        assert len(answer.content) < 20_000
        answer = bank.mei.act(draft(), "comment", {"comment": "x", "hunks": ["0" * 64] * 5_001})
        is_problem(answer, 400)


@pytest.mark.parametrize(
    "number", ["0", "999999999", str(2**31), str(2**63 - 1), str(2**63), "9" * 30, "9" * 6000]
)
@pytest.mark.parametrize(
    "path", ["/changes/{}/", "/changes/{}/diff/", "/journeys/account-opening/versions/{}/"]
)
def test_a_number_that_nothing_has_is_not_there(bank: Bank, path: str, number: str) -> None:
    is_problem(bank.mei.read(path.format(number)), 404, "not_found")


@pytest.mark.parametrize("number", [str(2**63 - 1), str(2**63), "9" * 30])
def test_no_step_is_taken_of_a_number_nothing_has(bank: Bank, number: str) -> None:
    is_problem(bank.mei.call(f"/changes/{number}/actions/submit/"), 404, "not_found")
    is_problem(bank.mei.call(f"/changes/{number}/edits/", []), 404, "not_found")


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/v1/",
        "/api/v1/nothing/",
        "/api/v1/journeys",
        "/api/v2/journeys/",
        "/api/v1/changes/x/",
        "/api/v1/changes/-1/",
        "/api/v1/changes/1.5/",
        "/api/v1/journeys/a%00b/",
        "/api/v1/journeys/%E2%80%AE/",
        "/api/v1/journeys/ACCOUNT-OPENING/",
        "/api/v1/journeys/account-opening%0A/",
        "/api/v1/journeys/../../../etc/passwd",
        "/api/v1/journeys/" + "a" * 5_000 + "/",
        "/api/v1/schemas/user.json",
    ],
    ids=_short,
)
@pytest.mark.parametrize("debug", [True, False])
def test_an_odd_address_leads_nowhere(bank: Bank, path: str, debug: bool) -> None:
    with override_settings(DEBUG=debug):
        is_problem(bank.mei.read(path), 404, "not_found")


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/journeys", "/api/v1/changes/x/"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("debug", [True, False])
def test_nothing_is_done_at_an_odd_address(bank: Bank, path: str, method: str, debug: bool) -> None:
    with override_settings(DEBUG=debug):
        is_problem(bank.mei.send(method, path, {}), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/journeys/"),
        ("PUT", "/journeys/account-opening/"),
        ("DELETE", "/changes/{n}/"),
        ("PATCH", "/changes/{n}/document/"),
        ("GET", "/changes/{n}/edits/"),
        ("GET", "/changes/{n}/actions/submit/"),
        ("POST", "/ledger/"),
        ("DELETE", "/ledger/"),
        ("POST", "/users/me/"),
        ("POST", "/schemas/journey.json"),
        ("TRACE", "/inbox/"),
        ("PROPFIND", "/inbox/"),
    ],
)
def test_a_method_that_is_not_there(
    bank: Bank, draft: Callable[[], int], method: str, path: str
) -> None:
    answer = bank.mei.send(method, path.format(n=draft()))
    is_problem(answer, 405, "method_not_allowed")
    assert "OPTIONS" in answer["Allow"]


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json5",
        "x",
    ],
)
def test_only_json_is_read(bank: Bank, content_type: str) -> None:
    answer = bank.mei.post(f"{V1}/changes/", data=orjson.dumps(CHANGE), content_type=content_type)
    is_problem(answer, 415, "unsupported_media_type")
    assert not Change.objects.filter(title="Better").exists()


def test_only_json_is_written(bank: Bank) -> None:
    for accept in ("text/html", "application/xml", "image/png"):
        is_problem(bank.mei.read("/journeys/", Accept=accept), 406, "not_acceptable")
    for accept in ("*/*", "application/*", "text/html, application/json;q=0.5", "nonsense"):
        assert bank.mei.read("/journeys/", Accept=accept).status_code in (200, 406)
    for accept in ("application/schema+json", "application/json", "*/*"):
        answer = bank.mei.read("/schemas/journey.json", Accept=accept)
        assert answer["Content-Type"] == "application/schema+json"


def test_an_unknown_format_is_refused(bank: Bank) -> None:
    is_problem(bank.mei.read("/journeys/?format=xml"), 404)


def test_an_empty_body_is_an_empty_object(bank: Bank, submitted: Callable[[], int]) -> None:
    number = submitted()
    plain = bank.tom.generic("POST", f"{V1}/changes/{number}/actions/approve/", content_type="")
    assert plain.status_code == 200, plain.content
    assert bank.ana.act(number, "approve").status_code == 200
    is_problem(bank.mei.call("/changes/"), 400, "invalid")


def test_too_many_calls_are_refused_with_a_time(bank: Bank, monkeypatch: Any) -> None:
    from rest_framework.settings import api_settings  # noqa: PLC0415 - read at each request

    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "user", "3/min")
    answers = [bank.mei.read("/users/me/") for _ in range(5)]
    assert [answer.status_code for answer in answers].count(200) in (3, 4)
    assert answers[-1].status_code in (200, 429)
    refused = next(answer for answer in answers if answer.status_code == 429)
    is_problem(refused, 429, "throttled")
    assert 1 <= int(refused["Retry-After"]) <= 60
    # Another person's calls are their own.
    assert bank.tom.read("/users/me/").status_code == 200


def test_a_bug_tells_nothing_but_its_id(bank: Bank, monkeypatch: Any) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("governance.api.looking.proposal_of", broken)
    number = Change.objects.latest("pk").number
    answer = bank.mei.read(f"/changes/{number}/diff/")
    body = is_problem(answer, 500, "bug")
    assert "secret" not in answer.content.decode()
    assert body["request_id"]


def test_refusals_are_in_the_language_asked_for(bank: Bank) -> None:
    english = is_problem(bank.mei.read("/changes/999999/"), 404)
    chinese = is_problem(bank.mei.read("/changes/999999/", Accept_Language="zh-hans"), 404)
    assert english["code"] == chinese["code"]


def test_a_stranger_never_gets_as_far_as_the_input(anonymous: ApiClient) -> None:
    for body in (b"{", b"x" * 100, b"[" * 2000):
        is_problem(anonymous.call("/changes/", body), 401)
