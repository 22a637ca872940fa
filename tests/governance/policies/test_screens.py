"""The pages of policies: in words, with every refusal in text, and a form that loses nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance.models import Policy, PolicyVersion
from governance.ruling.definitions import complete
from governance.ruling.texts import dump
from governance.views.policies import listing
from tests.governance.policies.writing import clear, definition, in_force, make_lead, propose
from tests.governance.posting import as_posted

State = PolicyVersion.State


@pytest.fixture
def lead(cast):
    clear()
    return make_lead(cast.ana)


@pytest.fixture
def page(client, lead):
    client.force_login(lead)
    return client


def text(answer):
    return answer.content.decode()


def form_of(answer):
    """The fields of the form alone, as a browser would send them."""
    body = text(answer)
    start = body.index('<form id="policy-form"')
    sent = as_posted(body[start : body.index("</form>", start)])
    # Which button somebody presses is for each test to say.
    sent.pop("do", None)
    return sent


def test_without_policies_the_list_offers_the_first_step(page, monkeypatch):
    monkeypatch.setattr(listing, "all_policies", Policy.objects.none)
    said = text(page.get("/policies/"))
    assert "No policies yet" in said
    assert "/policies/new/" in said
    assert "may find no policy" in said


def test_the_list_says_each_policy_in_words(page, lead):
    in_force(lead, when={"fact": "channels", "op": "any_of", "value": ["email"]})
    propose(lead, "another")
    said = text(page.get("/policies/"))
    assert "It touches the channel E-mail." in said
    assert "One of these decides: Tom." in said
    assert "Waiting to be activated" in said
    assert "Proposal waiting" in said


def test_restricted_names_are_not_told_to_everybody(cast, client, lead):
    client.force_login(cast.zoe)
    said = text(client.get("/policies/"))
    assert "Account opening" not in said
    assert "may find no policy" not in said


def test_a_policy_shows_its_proposal_versions_and_history(page, lead):
    in_force(lead)
    propose(lead, name="Letters", when={"fact": "emergency", "op": "is", "value": True})
    said = text(page.get("/policies/letters/"))
    for words in (
        "Version 2 is proposed", "It is an emergency.", "It applies to every change.",
        "put version 1 into force", "proposed version 2", "So be it", "As YAML",
        "schema: policies/1",
    ):  # fmt: skip
        assert words in said, words


def test_whoever_may_not_reads_why(cast, client, lead):
    in_force(lead)
    propose(lead, name="Letters")
    client.force_login(cast.mei)
    said = text(client.get("/policies/letters/"))
    assert "Only governance leads may change policies." in said
    assert "/policies/letters/edit/" not in said
    for path in ("new/", "import/", "letters/edit/", "letters/end/",
                 "letters/versions/2/activate/"):  # fmt: skip
        answer = client.get(f"/policies/{path}")
        assert answer.status_code == 403, path
        assert "Only governance leads may change policies." in text(answer)


# --- the form -------------------------------------------------------------------------------------


def test_a_policy_is_written_without_any_script(page, lead):
    sent = form_of(page.get("/policies/new/"))
    sent |= {"name.en": "Legal looks at prices", "key": "prices", "comment": "Law"}
    sent = form_of(page.post("/policies/new/", {**sent, "do": "add-row:when"}))
    sent = form_of(page.post("/policies/new/", {**sent, "when.0.fact": "kinds", "do": "refresh"}))
    sent |= {"when.0.value": ["content", "timing"]}
    sent = form_of(page.post("/policies/new/", {**sent, "do": "add-group:when"}))
    sent |= {"when.1.0.fact": "step_count"}
    sent = form_of(page.post("/policies/new/", {**sent, "do": "refresh"}))
    sent |= {"when.1.0.number": "3", "need.0.reviewers.0.who": "people"}
    answer = page.post("/policies/new/", {**sent, "do": "refresh"})
    assert "It changes content, timing." in text(answer)
    sent = form_of(answer)
    assert sent["comment"] == ["Law"]
    sent |= {"need.0.reviewers.0.people": "tom@bank.example\nnora@bank.example"}

    answer = page.post("/policies/new/", {**sent, "do": "save"})

    assert answer.status_code == 302, text(answer)
    version = PolicyVersion.objects.get(policy__key="prices")
    assert version.definition["when"] == {
        "all": [
            {"fact": "kinds", "op": "any_of", "value": ["content", "timing"]},
            {"any": [{"fact": "step_count", "op": "at_least", "value": 3}]},
        ]
    }
    assert version.definition["require"][0]["reviewers"] == [
        {"people": ["tom@bank.example", "nora@bank.example"]}
    ]
    assert (version.comment, version.state) == ("Law", State.PROPOSED)


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(page):
    sent = form_of(page.get("/policies/new/"))
    sent |= {"name.en": "Prices", "key": "Not a key", "need.0.hours": "soon", "comment": "Keep me"}
    answer = page.post("/policies/new/", {**sent, "do": "save"})
    assert answer.status_code == 422
    said = text(answer)
    assert 'href="#id_need-0-hours"' in said
    assert 'id="id_need-0-hours-errors"' in said
    assert "Write a whole number from 1 to 2000." in said
    assert 'value="soon"' in said
    assert 'value="Not a key"' in said
    assert "Keep me" in said
    assert not Policy.objects.filter(active__isnull=False).exists()


@pytest.mark.parametrize("key", ["new", "test", "replays", "health", "import", "export"])
def test_addresses_of_other_pages_are_no_keys(page, key):
    sent = form_of(page.get("/policies/new/"))
    sent |= {"name.en": "Prices", "key": key, "need.0.reviewers.0.who": "owner"}
    answer = page.post("/policies/new/", {**sent, "do": "save"})
    assert answer.status_code == 422
    assert "is the address of another page" in text(answer)


def test_a_taken_key_is_refused_at_its_field(page, lead):
    in_force(lead)
    sent = form_of(page.get("/policies/new/"))
    sent |= {"name.en": "Prices", "key": "letters", "need.0.reviewers.0.who": "owner"}
    answer = page.post("/policies/new/", {**sent, "do": "save"})
    assert answer.status_code == 422
    assert 'id="id_key-errors"' in text(answer)


def test_an_edit_untouched_says_that_nothing_changes(page, lead):
    in_force(lead)
    sent = form_of(page.get("/policies/letters/edit/"))
    answer = page.post("/policies/letters/edit/", {**sent, "do": "save"})
    assert answer.status_code == 422
    assert "This is what the policy says already." in text(answer)


def test_an_edit_of_an_older_version_is_told(page, lead):
    in_force(lead)
    sent = form_of(page.get("/policies/letters/edit/"))
    in_force(lead, name="Newer")
    answer = page.post("/policies/letters/edit/", {**sent, "name.en": "Mine", "do": "save"})
    assert answer.status_code == 422
    assert "since you opened it" in text(answer)
    assert 'value="Mine"' in text(answer)


def test_the_key_in_an_edit_is_that_of_the_address(page, lead):
    in_force(lead)
    sent = form_of(page.get("/policies/letters/edit/"))
    sent |= {"key": "other", "name.en": "Letters"}
    assert page.post("/policies/letters/edit/", {**sent, "do": "save"}).status_code == 302
    assert not Policy.objects.filter(key="other").exists()


def test_htmx_gets_the_form_alone_with_the_focus_where_it_was_asked_for(page):
    sent = form_of(page.get("/policies/new/"))
    answer = page.post(
        "/policies/new/", {**sent, "do": "add-row:when"}, headers={"HX-Request": "true"}
    )
    said = text(answer)
    assert "<html" not in said
    assert 'id="policy-builder"' in said
    assert 'id="policy-words"' in said
    fact = said[said.index('id="id_when-0-fact"') :]
    assert "autofocus" in fact[: fact.index(">")]


@pytest.mark.parametrize("junk", [{}, {"do": "save"}, {"do": "remove:when.0"},
                                  {"do": "save", "when.size": "60", "need.size": "25"},
                                  {"do": "save", "based_on": "²", "when.kind": "x"}])  # fmt: skip
def test_junk_comes_back_as_a_form(page, junk):
    assert page.post("/policies/new/", junk).status_code in (200, 422)


# --- deciding -------------------------------------------------------------------------------------


def test_activating_asks_first(page, lead):
    propose(lead)
    said = text(page.get("/policies/letters/versions/1/activate/"))
    assert "Who has to decide on open changes is asked anew." in said
    assert page.post("/policies/letters/versions/1/activate/", {"comment": ""}).status_code == 302
    assert Policy.objects.get(key="letters").active.number == 1


def test_the_second_person_is_named_beside_the_button(page, lead):
    propose(lead, second_admin=True)
    said = text(page.get("/policies/letters/"))
    assert "You wrote this version, so somebody else has to activate it: Omar." in said
    assert page.get("/policies/letters/versions/1/activate/").status_code == 403
    assert page.post("/policies/letters/versions/1/activate/", {"comment": ""}).status_code == 403


def test_ending_the_last_one_is_refused_on_the_page(page, lead):
    in_force(lead)
    assert "would find no policy" in text(page.get("/policies/letters/end/"))
    assert page.post("/policies/letters/end/", {"comment": ""}).status_code == 422
    assert page.post("/policies/letters/end/", {"comment": "Old"}).status_code == 302
    answer = page.post("/policies/letters/versions/2/activate/", {"comment": ""})
    assert answer.status_code == 409
    assert "would find no policy" in text(answer)
    assert Policy.objects.get(key="letters").active.number == 1


def test_declining_takes_words(cast, client, page, lead):
    propose(lead)
    client.force_login(make_lead(cast.jun))
    path = "/policies/letters/versions/1/decline/"
    assert client.post(path, {"comment": ""}).status_code == 422
    assert client.post(path, {"comment": "Not now"}).status_code == 302
    assert client.get(path).status_code == 409


@pytest.mark.parametrize(
    "path", ["nothing/", "nothing/edit/", "nothing/end/", "letters/versions/9/activate/",
             "letters/versions/9/decline/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(page, lead, path):
    in_force(lead)
    assert page.get(f"/policies/{path}").status_code == 404


# --- YAML -----------------------------------------------------------------------------------------


def test_what_is_exported_changes_nothing_when_imported(page, lead):
    in_force(lead)
    exported = page.get("/policies/export/")
    assert exported["Content-Disposition"].startswith("attachment")
    answer = page.post("/policies/import/", {"text": text(exported), "do": "look"})
    assert "Everything in this text is in force already." in text(answer)


def test_an_import_is_shown_before_it_counts(page, lead):
    in_force(lead)
    changed, fresh = definition(name="Letters to customers"), definition("new-one")
    yaml = dump([complete(changed), complete(fresh)])
    file = SimpleUploadedFile("policies.yaml", yaml.encode())
    answer = page.post("/policies/import/", {"file": file, "do": "look"})
    said = text(answer)
    assert "Letters to customers" in said
    assert "comes into being" in said
    assert Policy.objects.filter(key="new-one").count() == 0
    sent = {"text": as_posted(said)["text"], "activate": "on", "comment": "", "do": "import"}
    assert page.post("/policies/import/", sent).status_code == 302
    assert Policy.objects.get(key="letters").name == "Letters to customers"
    assert Policy.objects.get(key="new-one").active.number == 1


@pytest.mark.parametrize(
    ("yaml", "said"),
    [
        ("schema: policies/1\npolicies:\n  - key: x\n", "Line 3"),
        ("policies: [", "Line"),
        ("", "Choose a file, or paste the text here."),
        ("schema: policies/1\npolicies:\n\t- x", "Line 3"),
    ],
)
def test_what_is_wrong_with_a_text_is_told_by_line(page, yaml, said):
    answer = page.post("/policies/import/", {"text": yaml, "do": "import"})
    assert answer.status_code == 422
    assert said in text(answer)


def test_a_file_that_is_no_text_is_refused(page):
    file = SimpleUploadedFile("x.yaml", b"\xff\xfe\x00")
    answer = page.post("/policies/import/", {"file": file, "do": "look"})
    assert answer.status_code == 422
    assert "not text in UTF-8" in text(answer)


# --- the administration ---------------------------------------------------------------------------


@pytest.fixture
def admin(client, cast):
    clear()
    client.force_login(cast.omar)
    return client


def test_the_administration_writes_by_the_same_form(admin, cast):
    in_force(cast.omar)
    assert "letters" in text(admin.get("/admin/governance/policy/"))
    number = Policy.objects.get(key="letters").pk
    path = f"/admin/governance/policy/{number}/change/"
    answer = admin.get(path)
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    sent = form_of(answer)
    answer = admin.post(path, {**sent, "name.en": "", "do": "save"})
    assert answer.status_code == 422
    assert 'id="id_name-en-errors"' in text(answer)
    assert admin.post(path, {**sent, "name.en": "Letters", "do": "save"}).status_code == 302
    assert PolicyVersion.objects.get(policy=number, number=2).state == State.PROPOSED


def test_the_administration_adds_a_policy(admin):
    path = "/admin/governance/policy/add/"
    sent = form_of(admin.get(path))
    sent |= {"name.en": "Prices", "key": "prices", "need.0.reviewers.0.who": "owner"}
    part = admin.post(path, {**sent, "do": "add-row:when"}, headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    assert admin.post(path, {**sent, "do": "save"}).status_code == 302
    assert Policy.objects.filter(key="prices").exists()


def test_staff_without_the_right_do_not_get_there(client, cast):
    cast.ida.is_staff = True
    cast.ida.save()
    client.force_login(cast.ida)
    assert client.get("/admin/governance/policy/").status_code == 403
    assert client.get("/admin/governance/policy/add/").status_code == 403
    assert client.get("/admin/governance/policy/999/change/").status_code == 404


def test_nothing_is_deleted_in_the_administration(admin, cast):
    in_force(cast.omar)
    number = Policy.objects.get(key="letters").pk
    assert admin.get(f"/admin/governance/policy/{number}/delete/").status_code == 403
