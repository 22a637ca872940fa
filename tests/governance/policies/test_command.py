"""`manage.py policies`: shown in words, written and taken over as YAML, refused by line."""

import io

import pytest
from django.core.management import CommandError, call_command

from governance.models import Policy
from governance.ruling.definitions import complete
from governance.ruling.texts import dump
from tests.governance.policies.writing import clear, definition, in_force, make_lead, propose


@pytest.fixture
def lead(cast):
    clear()
    return make_lead(cast.ana)


def run(*args, **options):
    out = io.StringIO()
    call_command("policies", *map(str, args), stdout=out, **options)
    return out.getvalue()


def test_show_says_it_in_words(lead):
    in_force(lead, when={"fact": "emergency", "op": "is", "value": True})
    propose(lead, name="Next")
    said = run("show", "letters")
    assert "letters: About letters (in force, version 1; version 2 is proposed)" in said
    assert "It is an emergency." in said
    assert "One of these decides: Tom." in said
    with pytest.raises(CommandError, match="no policy nothing"):
        run("show", "nothing")


def test_what_is_exported_is_imported_again(lead, tmp_path):
    in_force(lead)
    path = tmp_path / "policies.yaml"
    assert "Wrote 1 policies" in run("export", path)
    assert path.read_text() == run("export")
    said = run("import", path, "--as", "ana@bank.example")
    assert "letters: version 1 unchanged" in said
    assert "0 of 1 policies taken over." in said


def test_an_import_proposes_or_activates(lead, tmp_path):
    path = tmp_path / "policies.yaml"
    path.write_text(dump([complete(definition()), complete(definition("second"))]))
    assert "letters: version 1 proposed" in run("import", path, "--as", "ana@bank.example")
    assert Policy.objects.get(key="letters").active is None
    said = run("import", path, "--as", "ana@bank.example", "--activate", "--comment", "Go")
    assert "second: version 1 activated" in said
    assert Policy.objects.get(key="letters").active.number == 1


def test_it_is_all_or_nothing(lead, tmp_path):
    path = tmp_path / "policies.yaml"
    path.write_text(
        dump([complete(definition()), complete(definition("second", second_admin=True))])
    )
    with pytest.raises(CommandError, match="somebody else has to activate"):
        run("import", path, "--as", "ana@bank.example", "--activate")
    assert not Policy.objects.filter(key__in=("letters", "second")).exists()


def test_what_is_wrong_is_told_by_line(lead, tmp_path):
    path = tmp_path / "policies.yaml"
    text = dump([complete(definition())]).replace("tom@bank.example", "tim@bank.example")
    path.write_text(text)
    line = text[: text.index("tim@")].count("\n") + 1
    with pytest.raises(CommandError, match=f"Line {line}, column"):
        run("import", path, "--as", "ana@bank.example")


@pytest.mark.parametrize(
    ("data", "user", "said"),
    [
        (None, "ana@bank.example", "cannot be read"),
        (b"\xff\xfe", "ana@bank.example", "not text in UTF-8"),
        (b"schema: policies/1\npolicies: []\n", "nobody@bank.example", "Nobody signs in"),
        (b"schema: policies/1\npolicies: []\n", "mei@bank.example", "governance leads"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(lead, tmp_path, data, user, said):
    path = tmp_path / "policies.yaml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(CommandError, match=said):
        run("import", path, "--as", user)
