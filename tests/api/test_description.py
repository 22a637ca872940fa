"""The OpenAPI description: it is clean, it can be read in a browser, and answers are as it says."""

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import yaml
from django.core.management import call_command

from tests.api.conftest import CONTENT, RENAME, ApiClient, Bank
from tests.cast import email_document

Draft = Callable[..., int]


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The description as the portal serves it."""
    answer = ApiClient().get("/api/schema/?format=json")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def test_it_is_clean(tmp_path: Any) -> None:
    path = tmp_path / "schema.yml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(path))
    paths = yaml.safe_load(path.read_text())["paths"]
    assert all(path.startswith("/api/v1/") for path in paths)


# What docs/api.md and the scripts of others rely on.
CALLS = {
    "get": """
        journeys/ journeys/{key}/ journeys/{key}/versions/ journeys/{key}/versions/{number}/
        journeys/{key}/versions/{a}/compare/{b}/
        changes/ changes/{number}/ changes/{number}/document/ changes/{number}/diff/
        changes/{number}/checks/ changes/{number}/requirements/ changes/{number}/conflicts/ inbox/
        changes/{number}/viewed/ changes/{number}/suggestions/
        assets/ assets/{key}/ assets/{key}/versions/ assets/{key}/versions/{number}/ taxonomies/
        taxonomies/{key}/ taxonomies/{key}/concepts/ teams/ teams/{key}/ users/me/ ledger/ why/
        schemas/journey.json schemas/asset.json schemas/taxonomy.json
    """,
    "post": """
        journeys/ changes/ changes/{number}/edits/ changes/{number}/actions/{action}/ assets/
        assets/{key}/versions/ journeys/{key}/steps/{step}/content/
        journeys/{key}/versions/{number}/restore/ assets/{key}/versions/{number}/restore/
    """,
    "put": "changes/{number}/document/",
}


def test_the_calls_that_others_rely_on_are_there(described: dict[str, Any]) -> None:
    assert described["info"]["version"] == "1"
    for method, paths in CALLS.items():
        for path in paths.split():
            assert method in described["paths"][f"/api/v1/{path}"], (method, path)


def test_it_is_for_everybody_in_both_formats() -> None:
    client = ApiClient()
    plain = client.get("/api/schema/")
    assert plain["Content-Type"].startswith("application/vnd.oai.openapi")
    assert yaml.safe_load(plain.content)["info"]["title"] == "CJOps API"
    assert client.get("/api/schema/?format=json").json() == yaml.safe_load(plain.content)
    assert client.get("/api/schema/?lang=%00&version=x").status_code == 200


def test_every_call_says_who_may_and_what_is_refused(described: dict[str, Any]) -> None:
    for path, calls in described["paths"].items():
        for method, call in calls.items():
            where = f"{method} {path}"
            assert call["operationId"], where
            assert call.get("description"), where
            if "/schemas/" in path:
                continue
            assert {"401", "406", "429"} <= call["responses"].keys(), where
            for status, response in call["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"], where
            if "{" in path:
                assert "404" in call["responses"], where
            if method in ("post", "put"):
                assert {"400", "413", "415"} <= call["responses"].keys(), where


def test_the_pages_to_read_it_need_no_inline_script() -> None:
    client = ApiClient()
    page = client.get("/api/docs/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "<style" not in text
    assert "onload=" not in text
    assert all("src=" in tag for tag in text.split("<script")[1:])
    script = client.get("/api/docs/?script=")
    assert script["Content-Type"] == "application/javascript"
    assert "/api/schema/" in script.content.decode()
    assert client.get("/api/docs/?lang=%22%3E%3Cscript%3E").status_code == 200


@pytest.mark.parametrize("kind", ["journey", "asset", "taxonomy"])
def test_the_schemas_of_documents_are_public(kind: str) -> None:
    answer = ApiClient().get(f"/api/v1/schemas/{kind}.json")
    assert answer["Content-Type"] == "application/schema+json"
    jsonschema.Draft202012Validator.check_schema(answer.json())


def test_documents_fit_their_published_schemas(bank: Bank) -> None:
    for kind, path in (
        ("journey", "/journeys/account-opening/versions/1/"),
        ("asset", "/assets/onboarding-welcome/versions/1/"),
    ):
        schema = bank.mei.read(f"/schemas/{kind}.json").json()
        jsonschema.validate(bank.mei.read(path).json()["document"], schema)


def closed(schema: Any) -> Any:
    """The schema with objects that hold nothing but what it names; required unless it says not."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(value) for name, value in schema.items()}
    if found.get("type") == "object" and found.get("properties"):
        found["additionalProperties"] = False
    if found.pop("nullable", False):
        return {"anyOf": [found, {"type": "null"}]}
    return found


def conforms(described: dict[str, Any], method: str, path: str, answer: Any) -> None:
    """The answer has exactly the shape that the description gives for its status."""
    call = described["paths"][path][method]
    response = call["responses"][str(answer.status_code)]
    (content,) = response["content"].values()
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **closed(content["schema"]),
        "components": closed(described["components"]),
    }
    jsonschema.validate(answer.json(), schema)


def test_answers_are_as_described(
    bank: Bank, described: dict[str, Any], submitted: Draft, draft: Draft
) -> None:
    number, other = submitted(), draft()
    v1 = "/api/v1"
    begun = {"definitions": [], "text": "schema: policies/1\npolicies: []\n"}
    replay = bank.omar.call("/policies/replays/", {**begun, "since": "2026-01-01T00:00Z"})
    collection = bank.tom.call("/collections/", {"name": "Spring"})
    place = {"journey": "account-opening", "step": "welcome-email", "slot": "body"}
    everywhere = {"asset": "onboarding-welcome", "version": 1, "title": "x", "places": [place]}
    campaign = bank.mei.call("/campaigns/", everywhere)
    concrete = {
        "{id}": {
            "replays": str(replay.json()["id"]),
            "collections": str(collection.json()["id"]),
            "campaigns": str(campaign.json()["id"]),
        },
        "{key}": {
            "journeys": "account-opening",
            "assets": "onboarding-welcome",
            "teams": "email",
            "policies": "owner",
        },
        "{number}": {"versions": "1", "changes": str(number)},
        "{a}": {"versions": "1"},
        "{b}": {"compare": "1"},
    }
    checked = 0
    for path, calls in described["paths"].items():
        if "get" not in calls or "/schemas/" in path or "/taxonomies/{key}" in path:
            continue
        parts = path.split("/")
        address = "/".join(
            concrete[part][parts[at - 1]] if part in concrete else part
            for at, part in enumerate(parts)
        )
        # How people decide and what was tried is for few.
        if path.endswith("/why/"):
            address += "?subject=account-opening"
        reader = bank.omar if "/policies/" in path else bank.tom
        answer = reader.read(address)
        assert answer.status_code == 200, address
        if not path.endswith("/document/"):
            conforms(described, "get", path, answer)
        conforms(described, "get", path, ApiClient().get(address))
        checked += 1
    assert checked >= 18
    edits = f"{v1}/changes/{{number}}/edits/"
    conforms(described, "post", edits, bank.mei.call(f"/changes/{other}/edits/", RENAME))
    conforms(described, "post", edits, bank.mei.call(f"/changes/{other}/edits/", [1]))
    action = f"{v1}/changes/{{number}}/actions/{{action}}/"
    for person, name, body in (
        ("tom", "approve", {}),
        ("ana", "approve", {}),
        ("ana", "publish", {}),
        ("ana", "roll-back", {"comment": "x"}),
        ("ana", "publish", {}),
        ("ana", "publish", {"hunks": 1}),
    ):
        answer = getattr(bank, person).act(number, name, body)
        conforms(described, "post", action, answer)
    path = f"{v1}/journeys/{{key}}/versions/{{a}}/compare/{{b}}/"
    conforms(
        described, "get", path, bank.mei.read("/journeys/account-opening/versions/1/compare/2/")
    )
    path = f"{v1}/journeys/{{key}}/versions/{{number}}/restore/"
    for body in ({}, {"elements": []}, {"elements": "x"}):
        answer = bank.mei.call("/journeys/account-opening/versions/1/restore/", body)
        conforms(described, "post", path, answer)
    for path, body in (
        ("/changes/", {"subject": {"kind": "asset", "key": "onboarding-welcome"}, "title": "x"}),
        ("/journeys/", {"key": "fresh", "name": "Fresh"}),
        (
            "/assets/",
            {"key": "fresh", "kind": "email", "team": "email", "document": email_document()},
        ),
    ):
        answer = bank.mei.call(path, body)
        assert answer.status_code == 201, answer.content
        conforms(described, "post", v1 + path, answer)
    path = f"{v1}/assets/{{key}}/versions/"
    answer = bank.mei.call(
        "/assets/onboarding-welcome/versions/", {"document": email_document("New")}
    )
    conforms(described, "post", path, answer)
    path = f"{v1}/journeys/{{key}}/steps/{{step}}/content/"
    body = {"slot": "body", "asset": "onboarding-welcome", "version": 2, "rationale": "x"}
    answer = bank.mei.call(CONTENT, body)
    assert answer.status_code == 201, answer.content
    conforms(described, "post", path, answer)


def test_the_guide_names_only_what_there_is(described: dict[str, Any]) -> None:
    """Each address in docs/api.md is one that the description has."""
    import re  # noqa: PLC0415 - only here
    from pathlib import Path  # noqa: PLC0415 - only here

    text = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text()
    patterns = [
        re.compile(re.sub(r"\{[^}]+\}", r"[^/\\s]+", path.removeprefix("/api/v1")) + "$")
        for path in described["paths"]
    ]
    named = set(re.findall(r"\$API(/[^\s'\"?`]+)", text))
    assert len(named) >= 12
    for address in named:
        assert any(pattern.match(address) for pattern in patterns), address
