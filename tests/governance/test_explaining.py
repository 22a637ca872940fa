"""Why somebody may, or may not: what the explanation says is what the portal rules."""

import random
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

import content.policies
import tags.services
from cjops.core.errors import NotFound
from content.models import Asset
from governance import explaining, halts, policies
from governance.models import Change
from governance.policies import ANSWERS, ENOUGH, Standing
from governance.transitions import TRANSITIONS, State
from journeys.models import Journey
from people import granting, rights
from people.models import Grant, Role, User
from tests.cast import grant_everything, reach
from tests.factories import (
    AssetFactory,
    JourneyFactory,
    RoleFactory,
    TeamFactory,
    UserFactory,
    journey_document,
)
from tests.people.test_reach import any_reach, give_at_once
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def journey():
    return JourneyFactory(
        key="secret", document=journey_document(name="Zqword secret"), is_restricted=True
    )


@pytest.fixture
def proposer():
    return RoleFactory(key="proposer", permissions=["view_journey", "propose_journey"])


def fresh(person):
    return User.objects.get(pk=person.pk)


def explained(person, named, reader=None):
    about = explaining.find(named, reader=reader)
    return explaining.explain(person=fresh(person), about=about, reader=reader)


def ended(grant):
    """Its end has come, and the beat has taken away what it gave."""
    Grant.objects.filter(pk=grant.pk).update(ends_at=timezone.now())
    granting.end_due()


# --- which grants stand behind it -----------------------------------------------------------------


def test_a_role_of_ones_own_is_named(journey, proposer):
    ana = UserFactory()
    granting.give(role=proposer, on=granting.on(journey), user=ana, actor=None)
    found = explained(ana, "journey:secret")
    assert found.sees
    assert found.of("propose").verdict
    (line,) = found.of("propose").grants
    assert (line.role, line.reach, line.holder) == ("Proposer", "on this one", "to the person")


def test_who_holds_nothing_reads_what_is_missing(journey, proposer):
    found = explained(UserFactory(), "secret")
    assert not found.sees
    see, propose = found.of("see"), found.of("propose")
    assert see.lacks == "sees it"
    assert "Proposer" in see.roles
    assert propose.lacks == "proposes changes of any part"
    assert not propose.verdict
    assert not found.grants


def test_a_role_of_a_team_says_which(journey, proposer):
    ana = UserFactory()
    team = TeamFactory(key="email", name="E-mail", members=[ana])
    granting.give(role=proposer, on=granting.on(journey), team=team, actor=None)
    (line,) = explained(ana, "secret").of("see").grants
    assert line.holder == "through the team “E-mail”"
    assert not explained(UserFactory(), "secret").sees


def test_a_role_on_the_journey_above_says_which(journey, proposer):
    ana, part = UserFactory(), JourneyFactory(key="part", is_restricted=True, parent=journey)
    granting.give(role=proposer, on=granting.on_family(journey), user=ana, actor=None)
    (line,) = explained(ana, "part").of("see").grants
    assert line.reach == "on “Zqword secret”, of which it is part"
    assert part.parent == journey


def test_a_role_on_one_step_lets_begin_a_change(cast):
    ana = UserFactory()
    role = RoleFactory(key="step", permissions=["view_journey", "propose_journey"])
    step = cast.journey.steps.order_by("key").first()
    granting.give(role=role, on=granting.on_step(cast.journey, step.key), user=ana, actor=None)
    answer = explained(ana, cast.journey.key).of("propose")
    assert answer.verdict
    assert [line.reach for line in answer.grants] == [f"on its step “{step.key}” alone"]


def test_a_grant_that_is_over_is_named_as_such(journey, proposer):
    ana = UserFactory()
    soon = timezone.now() + timedelta(hours=1)
    grant = granting.give(
        role=proposer, on=granting.on(journey), user=ana, ends_at=soon, actor=None
    )
    ended(grant)
    answer = explained(ana, "secret").of("see")
    assert not answer.verdict
    assert not answer.grants
    assert "ended on" in answer.over[0].term


def test_a_grant_whose_end_nobody_noticed_yet_gives_nothing(journey, proposer):
    ana = UserFactory()
    soon = timezone.now() + timedelta(hours=1)
    granting.give(role=proposer, on=granting.on(journey), user=ana, ends_at=soon, actor=None)
    Grant.objects.update(ends_at=timezone.now())
    found = explained(ana, "secret")
    assert not found.sees
    assert not found.notes


def test_that_an_account_is_switched_off_comes_first(journey, proposer):
    ana = UserFactory(is_active=False)
    granting.give(role=proposer, on=granting.on(journey), user=ana, actor=None)
    found = explained(ana, "secret")
    assert "switched off" in found.notes[0]
    assert not any(answer.verdict for answer in found.answers)
    assert found.grants


def test_rows_written_past_the_grants_are_told_of(journey):
    ana = UserFactory()
    role = RoleFactory(key="seer", permissions=["view_journey"])
    granting.give(role=role, on=granting.on(journey), user=ana, actor=None)
    Role.objects.filter(pk=role.pk).update(permissions=["view_journey", "manage_journey"])
    assert "check_grants" in explained(ana, "secret").notes[0]


def test_author_and_decider_of_a_change(cast):
    change = reach(cast, "in_review")
    mei, tom = explained(cast.mei, f"CR-{change.number}"), explained(cast.tom, str(change.number))
    assert mei.of("withdraw").because == ("They opened this change.",)
    assert mei.of("approve").verdict.reason.startswith("You edited")
    assert tom.of("approve").because == ("Their decision on it is asked for.",)
    assert tom.of("publish").verdict.by_state


# --- it agrees with the verdicts ------------------------------------------------------------------


@pytest.mark.parametrize("who", ENOUGH)
def test_the_right_that_is_said_to_be_enough_is(cast, who):
    ana, change = UserFactory(), reach(cast, "draft")
    assert not ANSWERS[who](Standing(fresh(ana), change))
    name = ENOUGH[who]
    powers = {right.codename for right in rights.of_kind("portal")}
    code = name if name in powers else f"{name}_journey"
    role = RoleFactory(key="one-right", permissions=[code])
    granting.give(role=role, on=granting.EVERYTHING, user=ana, actor=None)
    assert ANSWERS[who](Standing(fresh(ana), change))


def verdicts(person, subject):
    """What the portal rules, asked as pages ask."""
    kind = subject._meta.model_name
    person = fresh(person)
    found = {"see": type(subject).objects.visible_to(person).filter(pk=subject.pk).exists()}
    if not found["see"]:
        return found
    found["propose"] = bool(policies.can_open_on(person, kind, subject))
    if kind == "asset":
        found["write"] = bool(content.policies.can_write(person, subject))
    if kind == "journey":
        found["halt"] = bool(halts.can_halt(halts.Brake(person, subject)))
    for action, state in (("publish", State.APPROVED), ("reject", State.IN_REVIEW)):
        change = Change(kind=kind, author=person, state=state, **{kind: subject})
        found[action] = bool(policies.can(person, change, action))
    return found


def agrees(person, subject):
    kind = subject._meta.model_name
    found = explained(person, f"{kind}:{subject.key}")
    ruled = verdicts(person, subject)
    for answer in found.answers:
        if answer.code in ruled:
            assert bool(answer.verdict) == ruled[answer.code], (person, subject, answer)
        elif not ruled["see"]:
            assert not answer.verdict
        stands = bool(answer.because or answer.grants)
        if answer.verdict:
            assert stands, (person, subject, answer)
        elif ruled["see"] and not answer.verdict.by_state and answer.code in ruled:
            assert not stands, (person, subject, answer)
            assert answer.lacks
    assert not found.notes, found.notes
    return len(found.answers)


def test_it_says_what_the_portal_rules_over_many_grants():
    rng = random.Random(11)
    people = [UserFactory() for _number in range(8)]
    people[0].is_superuser = True
    people[0].save()
    grant_everything(people[1])
    crews = [TeamFactory(leads=rng.sample(people, 1), members=rng.sample(people, 3))
             for _number in range(4)]  # fmt: skip
    crews.append(TeamFactory(kind="journey_operations", leads=[people[2]]))
    subjects = [JourneyFactory(is_restricted=number > 1) for number in range(6)]
    for above, below in zip(subjects, subjects[3:], strict=False):
        Journey.objects.filter(pk=below.pk).update(parent=above)
    Journey.objects.filter(pk__in=[one.pk for one in subjects[::2]]).update(
        market="Retail", product_line="Cards"
    )
    subjects += [AssetFactory(is_restricted=number > 0, team=crews[number]) for number in range(3)]
    subjects.append(
        tags.services.create_taxonomy(
            key="topics", name="T", team=crews[0], actor=people[0], is_restricted=True
        )
    )
    codes = [right.codename for right in rights.RIGHTS]
    roles = [
        RoleFactory(key=f"role-{number}", permissions=rights.complete(set(rng.sample(codes, 3))))
        for number in range(8)
    ]
    compared = 0
    for _round in range(2):
        Grant.objects.all().delete()
        give_at_once(rng, people, crews, subjects, roles, 150)
        granting.give(role=roles[0], on=any_reach(rng, subjects), user=people[3], actor=None)
        granting.end_due()
        for subject in subjects:
            for person in people:
                compared += agrees(person, subject)
    assert compared > 500


@pytest.mark.parametrize("state", ["draft", "in_review", "approved", "published", "scheduled"])
def test_of_a_change_it_says_what_the_portal_rules(cast, state):
    change = reach(cast, "in_review" if state == "approved" else state)
    if state == "approved":
        Change.objects.filter(pk=change.pk).update(state=State.APPROVED)
    for name in ("mei", "tom", "ana", "omar", "ida", "jun"):
        person = fresh(cast.named(name))
        found = explained(person, f"CR-{change.number}")
        ruled = policies.actions_for(person, Change.objects.get(pk=change.pk))
        for action in TRANSITIONS:
            answer = found.of(action.value)
            if action.value != "suggest":
                assert answer.verdict == ruled[action]
            if answer.verdict:
                assert answer.because or answer.grants, (name, action)


# --- who may ask, and what they are not told ------------------------------------------------------


def test_of_oneself_everybody_asks(signed_in, cast):
    page = signed_in("mei").get("/why/", {"subject": "account-opening"})
    assert page.status_code == 200
    assert "Contributor" in page.content.decode()


def test_about_others_not_everybody_asks(signed_in, cast):
    client = signed_in("mei")
    for address in ("tom@bank.example", "nobody@bank.example"):
        page = client.get("/why/", {"person": address, "subject": "account-opening"})
        assert page.status_code == 403


@pytest.mark.parametrize("name", ["ida", "omar"])
def test_who_sees_everything_or_leads_governance_asks_about_others(signed_in, cast, name):
    page = signed_in(name).get(
        "/why/", {"person": "mei@bank.example", "subject": "account-opening"}
    )
    assert page.status_code == 200
    assert "Mei" in page.content.decode()


def test_staff_ask_only_where_they_may_look_at_grants(cast):
    admin = UserFactory(is_staff=True)
    assert not explaining.can_ask(admin, cast.mei)
    grant_view(admin)
    assert explaining.can_ask(fresh(admin), cast.mei)


def grant_view(user):
    from django.contrib.auth.models import Permission  # noqa: PLC0415

    user.user_permissions.add(Permission.objects.get(codename="view_grant"))


def test_of_what_the_asker_does_not_see_there_is_nothing(signed_in, cast):
    client = signed_in("zoe")
    hidden = client.get("/why/", {"subject": "account-opening"})
    missing = client.get("/why/", {"subject": "account-closing"})
    assert hidden.status_code == missing.status_code == 404
    told = hidden.content.decode().replace("account-opening", "account-closing")
    assert "There is nothing of this name that you can see." in told
    change = reach(cast, "draft")
    with refused(NotFound):
        explaining.find(f"CR-{change.number}", reader=fresh(cast.zoe))


def test_a_lead_reads_no_name_of_what_they_do_not_see(client, journey, proposer):
    """Of a grant on a restricted journey above an open one."""
    lead, ana = UserFactory(), UserFactory()
    JourneyFactory(key="part", parent=journey)
    role = RoleFactory(key="lead", permissions=["manage_policies"])
    granting.give(role=role, on=granting.EVERYTHING, user=lead, actor=None)
    granting.give(role=proposer, on=granting.on_family(journey), user=ana, actor=None)
    client.force_login(lead, backend="people.backends.AccountBackend")
    page = client.get("/why/", {"person": ana.email, "subject": "part"}).content.decode()
    assert "on a journey you cannot see, of which it is part" in page
    assert "Zqword" not in page
    assert "Zqword secret" in str(explained(ana, "part").grants[0])


def test_who_reads_an_answer_is_not_told_what_a_change_waits_for(cast, journey, proposer):
    ana, lead = cast.ana, UserFactory()
    granting.give(role=proposer, on=granting.on(journey), user=ana, actor=None)
    granting.give(role=proposer, on=granting.on(cast.journey), user=lead, actor=None)
    change = reach(cast, "scheduled")
    ahead = Change.objects.create(
        kind="journey", journey=journey, author=ana, title="x", state=State.APPROVED,
        created_at=timezone.now(), updated_at=timezone.now(),
    )  # fmt: skip
    Change.objects.filter(pk=change.pk).update(queued_behind=ahead)
    named = f"CR-{change.number}"
    told = explained(ana, named, fresh(lead)).of("publish").verdict.reason
    assert told == "It waits for another change to go live first."
    assert f"CR-{ahead.number}" in explained(ana, named, fresh(ana)).of("publish").verdict.reason


# --- from the command line ------------------------------------------------------------------------


def test_the_command_says_the_same(cast, capsys):
    call_command("why", "mei@bank.example", "journey:account-opening")
    said = capsys.readouterr().out
    assert "propose (Propose changes): allowed" in said
    assert "through the team “Email”" in said


def test_the_command_ends_with_what_was_ruled(cast, capsys):
    call_command("why", "mei@bank.example", "account-opening", "propose")
    with pytest.raises(SystemExit) as ended_with:
        call_command("why", "mei@bank.example", "account-opening", "publish")
    assert ended_with.value.code == 1
    assert "publish (Publish approved changes): refused" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("person", "subject", "action"),
    [
        ("nobody@bank.example", "account-opening", ""),
        ("mei@bank.example", "journey:no-such", ""),
        ("mei@bank.example", "CR-999999", ""),
        ("mei@bank.example", "policy:owner", ""),
        ("mei@bank.example", "account-opening", "fly"),
    ],
)
def test_what_there_is_not_is_said_so(cast, person, subject, action):
    with pytest.raises(CommandError):
        call_command("why", person, subject, *filter(None, [action]))


def test_assets_and_taxonomies_have_answers_of_their_own(cast):
    found = explained(cast.mei, f"asset:{cast.asset.key}")
    assert found.of("write").verdict
    assert "the team it belongs to" in found.of("write").because[0]
    assert not explained(cast.zoe, f"asset:{cast.asset.key}").of("write").verdict
    assert Asset.objects.filter(pk=cast.asset.pk).exists()
