"""Who sees what is asked in one place: whatever meets people reads governed rows through it.

A function of a view, endpoint, form, page of the administration or template tag that reads rows
of a governed model has to ask `visible_to` or `seen_by` in the same function, or stand below with
the reason why it need not.
"""

import ast

from tests.sources import ROOT, for_each, nodes, parsed

APPS = ("people", "tags", "content", "journeys", "governance", "cjops")
GOVERNED = {
    "Journey", "JourneyVersion", "JourneyRole", "Grant", "Stage", "Step", "Transition",
    "SlotBinding",
    "Tombstone", "Asset", "AssetVersion", "Taxonomy", "TaxonomyVersion", "Concept", "Change",
    "ChangeRevision", "Requirement", "RequirementSource", "Review", "Suggestion", "Claim",
    "ConflictResolution", "Remark", "ViewedHunk", "LedgerEntry", "Notification", "Halt",
    "FreezeWindow", "Campaign", "CampaignPart",
    "Delegation", "PickUp", "Appointment", "FactSheet", "ReplayRow", "Picture", "MediaFile",
}  # fmt: skip
OUTER = {
    "views", "api", "admin", "forms", "presenting", "templatetags", "drafting", "trying", "context",
    "element_forms", "element_fields", "element_options", "delegation_forms", "policy_forms",
    "rendition_form", "writing", "showing", "reading", "listing", "middleware", "adapters",
}  # fmt: skip
ASKED = {
    "visible_to",
    "listed_for",
    "seen_by",
    "about_seen_by",
    "_seen",
    "freezes_seen",
    "journey_rows",
}
# Where nothing has to be asked, and why.
REASONS = {
    ("content/api/assets.py", "post"): "the row that the person has just made",
    ("governance/api/inbox.py", "_waiting"): "a subquery of rows that are asked for by sight",
    ("governance/api/halting.py", "get"): "of a journey that the line before has shown",
    ("governance/element_options.py", "_asset_choices"): "of assets that were asked for by sight",
    ("governance/management/trying.py", "run_test"): "for whoever runs the portal",
    ("governance/presenting/deciders.py", "_read"): "of a change that the page has shown",
    (
        "governance/services/reading.py",
        "mark_all_read",
    ): "one's own messages; none is told",
    ("governance/views/editing.py", "slot_digests"): "of assets that the form offered",
    ("journeys/listing.py", "owned_by"): "a condition on journeys that are asked for by sight",
    ("journeys/listing.py", "managers_of"): "of journeys that were asked for by sight",
    ("journeys/views/step.py", "slots_of"): "of assets that `known_in` asked for by sight",
    ("governance/api/delegating.py", "delete"): "ended by a service that refuses strangers",
}
SOURCES = sorted(
    path
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if OUTER & {path.stem, *path.relative_to(ROOT).parts} and "migrations" not in path.parts
)


def reads(function):
    """Names of governed models whose rows a function asks the database for."""
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}:
            name = getattr(node.value, "id", getattr(node.value, "attr", ""))
            if name in GOVERNED:
                yield name


def asks(function):
    """Whether it asks who sees them."""
    return any(
        getattr(node, "attr", getattr(node, "id", "")) in ASKED
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute | ast.Name)
    )


def unasked(path):
    functions = [node for node in nodes(path) if isinstance(node, ast.FunctionDef)]
    return {
        (str(path.relative_to(ROOT)), function.name): sorted(set(reads(function)))
        for function in functions
        if any(reads(function)) and not asks(function)
    }


@for_each(SOURCES)
def test_whatever_meets_people_asks_who_sees_what(path):
    wrong = {place: found for place, found in unasked(path).items() if place not in REASONS}
    assert wrong == {}


def test_every_reason_still_stands_for_something():
    found = {place for path in SOURCES for place in unasked(path)}
    assert set(REASONS) <= found


def test_the_walk_finds_what_does_not_ask(tmp_path):
    path = ROOT / "governance" / "views" / "changes.py"
    tree = ast.parse("def page(request):\n    return Change.objects.all()")
    assert list(reads(tree.body[0])) == ["Change"]
    assert not asks(tree.body[0])
    assert path in SOURCES


# Nothing in the portal fetches anything: what would has to come with one client that refuses
# private addresses and looks at each redirect. A probe of our own processes is no such thing.
CLIENTS = {"requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "ftplib",
           "socket", "telnetlib", "xmlrpc", "webbrowser"}  # fmt: skip
OF_OUR_OWN = {
    # The identity provider, at the address that the operator set.
    "people/oidc.py",
    "cjops/embedded/processes.py",
}


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


EVERYTHING = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py"))


@for_each(EVERYTHING)
def test_nothing_goes_out(path):
    if str(path.relative_to(ROOT)) in OF_OUR_OWN:
        return
    found = {
        name
        for name in imported(parsed(path))
        for client in CLIENTS
        if name == client or name.startswith(f"{client}.")
    }
    assert found == set()
