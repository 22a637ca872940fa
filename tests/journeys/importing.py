"""Short ways to write a file of another system, and to look at what became of it."""

import json

from journeys.importers import read
from journeys.validation import Known, validate

CHANNELS = Known(channels={"email", "sms", "push"}, channels_with_content={"email", "sms", "push"})


def salesforce(*activities, **fields):
    return read("salesforce", json.dumps({"activities": activities, **fields}).encode())


def activity(key, type_="EMAILV2", then=(), **fields):
    return {"key": key, "type": type_, "outcomes": list(then), **fields}


def leads(to=None, **meta):
    arguments = {"percentage": meta.pop("percentage")} if "percentage" in meta else {}
    outcome = {"key": meta.pop("key", "x"), "arguments": arguments, "metaData": meta}
    return {**outcome, "next": to} if to else outcome


def dittofeed(nodes, child="1", sibling=None, **entry):
    document = {
        "name": "Test",
        "definition": {"entryNode": {"child": child, **entry}, "nodes": nodes},
    }
    return read("dittofeed", json.dumps(document).encode(), sibling=sibling)


def errors(imported):
    findings = validate(imported.document, CHANNELS)
    return {finding.code for finding in findings if finding.severity == "error"}


def steps(imported):
    return {step["key"]: step for step in imported.document["steps"]}


def ways(imported):
    return {
        (way["source"], way["target"]): way["condition"] for way in imported.document["transitions"]
    }
