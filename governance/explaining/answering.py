"""Each thing that can be seen or done, whether this person may, and what stands behind that."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import OuterRef
from django.utils.translation import gettext as _

import content.policies
from cjops.core.verdicts import YES, Verdict, no
from content.models import Asset
from governance import halts, policies
from governance.explaining.asking import About
from governance.explaining.telling import GrantLine, Told
from governance.models import Change
from governance.policies import ENOUGH, whose
from governance.standing import Standing
from governance.transitions import TRANSITIONS, Action, State, Who
from governance.visibility import sees
from journeys.models import Journey
from people.explaining import Held, held_on, roles_that_give
from people.granting import end_due_of
from people.holding import rights_on
from people.models import MembershipRole, Team, User
from people.rights import RIGHTS, Right
from people.second_factor import missing_for

SEE, PROPOSE, HALT, RESUME, WRITE, PICK_UP = "see", "propose", "halt", "resume", "write", "pick-up"


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether one thing is allowed, as the portal rules, and why.

    `because` and `grants` is what carries the right that it needs; `over` are grants that carried
    it. Where that is missing, `lacks` says what it is and `roles` who holds it by what.
    """

    code: str
    label: str
    verdict: Verdict
    because: tuple[str, ...] = ()
    grants: tuple[GrantLine, ...] = ()
    over: tuple[GrantLine, ...] = ()
    lacks: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """All of it, for one person. `notes` come before everything else."""

    person: User
    about: About
    notes: tuple[str, ...]
    answers: tuple[Answer, ...]
    grants: tuple[GrantLine, ...]

    @property
    def sees(self) -> bool:
        """Whether they see it."""
        return bool(self.answers[0].verdict)

    def of(self, code: str) -> Answer | None:
        """The answer about one action."""
        return next((one for one in self.answers if one.code == code), None)


def explain(*, person: User, about: About, reader: User | None) -> Explanation:
    """What `person` may see and do there, in words that tell `reader` nothing hidden from them."""
    # What has come to its end is taken away first, as for each request of theirs.
    end_due_of(person)
    return _Inquiry(person, about, reader).explanation()


@dataclass
class _Inquiry:
    """One question; each thing is read once, when first needed."""

    person: User
    about: About
    reader: User | None

    def explanation(self) -> Explanation:
        answers = [self._seeing()]
        for code, label, verdict, enough, others in self._actions():
            ruled = verdict if self._is_there else self._absent
            answers.append(self._answer(code, label, ruled, enough, others))
        return Explanation(
            person=self.person,
            about=self.about,
            notes=tuple(self._notes()),
            answers=tuple(answers),
            grants=tuple(self._told.line(one) for one in self._held),
        )

    # --- what is read -------------------------------------------------------------------------

    @cached_property
    def _held(self) -> list[Held]:
        return held_on(self.person, self.about.kind, self.about.subject)

    @cached_property
    def _told(self) -> Told:
        return Told(self._held, self.about.subject, self.reader)

    @cached_property
    def _sees(self) -> bool:
        return sees(self.person, self.about.subject)

    @property
    def _is_there(self) -> bool:
        return self.person.is_active and self._sees

    @property
    def _absent(self) -> Verdict:
        """Why nothing can be done at all."""
        if not self.person.is_active:
            return no(_("The account is switched off."))
        return no(_("What somebody does not see, they can do nothing with."))

    @cached_property
    def _standing(self) -> Standing:
        change = self.about.change or self._unborn(State.DRAFT)
        return Standing(self.person, change, reader=self.reader)

    def _unborn(self, state: State) -> Change:
        """A change that they have not opened, to ask what they might do with one."""
        kind = self.about.kind
        return Change(kind=kind, author=self.person, state=state, **{kind: self.about.subject})

    @cached_property
    def _brake(self) -> halts.Brake:
        assert isinstance(self.about.subject, Journey)  # noqa: S101  (asked of journeys alone)
        return halts.Brake(self.person, self.about.subject)

    # --- what can be done ---------------------------------------------------------------------

    def _seeing(self) -> Answer:
        verdict = (
            YES
            if self._sees
            else no(_("It is restricted, and nothing that the person holds lets them see it."))
        )
        others = []
        if not self.about.subject.is_restricted:
            others.append(_("It is open: everybody who signs in sees it."))
        verdict = verdict if self.person.is_active else self._absent
        return self._answer(SEE, _("See it"), verdict, "view", others)

    def _actions(self) -> Iterator[tuple[str, str, Verdict, str, list[str]]]:
        """Code, label, verdict, the right that would be enough, and what else it rests on."""
        if self.about.change is not None:
            yield from self._on_change(self.about.change)
            return
        if isinstance(self.about.subject, Asset):
            verdict = content.policies.can_write(self.person, self.about.subject)
            yield WRITE, _("Write a new version"), verdict, "propose", []
        may_open = policies.can_open(self._standing)
        yield PROPOSE, _("Propose changes"), may_open, "propose", self._of_steps()
        for action, state, label in (
            (Action.PUBLISH, State.APPROVED, _("Publish approved changes")),
            (Action.REJECT, State.IN_REVIEW, _("Reject changes of others")),
        ):
            standing = Standing(self.person, self._unborn(state), reader=self.reader)
            who = whose(standing.change, action)
            verdict = policies.can_take(standing, action)
            yield action.value, label, verdict, ENOUGH[who], self._who(who, standing)
        if isinstance(self.about.subject, Journey):
            yield from self._on_journey(self.about.subject)

    def _on_change(self, change: Change) -> Iterator[tuple[str, str, Verdict, str, list[str]]]:
        standing = self._standing
        for action, verdict in policies.actions_of(standing).items():
            who = whose(change, action)
            if action is Action.SUGGEST:
                verdict = policies.can_suggest(standing)
            enough = ENOUGH.get(who, "")
            others = self._who(who, standing)
            yield action.value, str(action.label), verdict, enough, others
        others = self._who(Who.REVIEWER, standing)
        yield PICK_UP, _("Say “I am looking at it”"), policies.can_pick_up(standing), "", others

    def _on_journey(self, journey: Journey) -> Iterator[tuple[str, str, Verdict, str, list[str]]]:
        brake = self._brake
        yield HALT, _("Pause or stop it"), halts.can_halt(brake), "manage", self._of_halting("")
        if not brake.holds_all:
            for step, name in brake.steps:
                label = _("Pause or stop the step “%(step)s”") % {"step": name}
                others = self._of_halting(step)
                yield f"{HALT}:{step}", label, halts.can_halt(brake, step), "manage", others
        for halt in halts.open_halts(journey):
            code, label = RESUME, _("Let it go on")
            if halt.step:
                named = halt.step_name  # type: ignore[attr-defined]
                code = f"{RESUME}:{halt.step}"
                label = _("Let the step “%(step)s” go on") % {"step": named}
            is_stopped = halt.kind == halt.Kind.STOP
            others = [] if is_stopped else self._of_halting(halt.step)
            enough = "publish" if is_stopped else "manage"
            yield code, label, halts.can_resume(brake, halt), enough, others

    def _of_halting(self, step: str) -> list[str]:
        """What lets somebody halt the journey or a step of it, beside the right to manage it."""
        found = [_("They lead journey operations.")] if self._standing.is_operations else []
        if self.person.has_perm("governance.break_glass"):
            found.append(_("They may break glass."))
        if step and self.person.pk in halts.leads_of_step(self._brake.journey, step):
            found.append(_("They lead the team that owns the step."))
        return found

    # --- what it rests on ---------------------------------------------------------------------

    def _answer(
        self, code: str, label: str, verdict: Verdict, enough: str, others: list[str]
    ) -> Answer:
        right = self._right(enough)
        carries = [one for one in self._held if self._carries(one, right, code)]
        now = [one for one in carries if one.grant.is_in_force]
        then = [one for one in carries if not one.grant.is_in_force]
        because = [*others, *self._by_place(enough)]
        lacks, roles = "", list[str]()
        if right is not None and not verdict and not verdict.by_state and not now and not because:
            lacks = str(right.label)
            roles = [role.label for role in roles_that_give(right.codename)]
        return Answer(
            code=code,
            label=label,
            verdict=verdict,
            because=tuple(because),
            grants=tuple(self._told.line(one) for one in now),
            over=tuple(self._told.line(one) for one in then),
            lacks=lacks,
            roles=tuple(roles),
        )

    def _right(self, enough: str) -> Right | None:
        """The right itself: over the portal, or on subjects of this kind."""
        names = (enough, f"{enough}_{self.about.kind}") if enough else ()
        return next((right for right in RIGHTS if right.codename in names), None)

    def _carries(self, held: Held, right: Right | None, code: str) -> bool:
        if right is None:
            return False
        if right.codename in held.codes or (code == SEE and "see_everything" in held.codes):
            return True
        step = held.grant.step
        if right.codename not in held.on_step or not held.grant.is_in_force:
            return False
        # A role on one step lets its holder begin a change of that step, while it is live.
        may_begin = code == PROPOSE and step in self._standing.steps
        return may_begin or code in (f"{HALT}:{step}", f"{RESUME}:{step}")

    def _by_place(self, enough: str) -> list[str]:
        """What gives a right without any grant."""
        if not enough:
            return []
        found = []
        if self.person.is_superuser and self.person.is_active:
            found.append(_("They are a superuser, who holds every right."))
        if enough == "view":
            found += self._by_power("see_everything")
        if self._right(enough) and enough in ("manage_policies", "break_glass"):
            found += self._by_power(enough)
        team: Team | None = getattr(self.about.subject, "team", None)
        role = self._standing.memberships.get(team.pk) if team else None
        if team and role == MembershipRole.LEAD:
            found.append(_("They lead “%(team)s”, the team it belongs to.") % {"team": team.label})
        elif team and role and enough in ("view", "propose"):
            found.append(
                _("They are in “%(team)s”, the team it belongs to.") % {"team": team.label}
            )
        return found

    def _by_power(self, codename: str) -> list[str]:
        """A power over the portal that their account holds by itself, without a grant."""
        right = next(one for one in RIGHTS if one.codename == codename)
        granted = any(codename in one.codes and one.grant.is_in_force for one in self._held)
        if granted or self.person.is_superuser or not self.person.has_perm(right.name):
            return []
        return [_("Their account has this as a permission of its own: %(right)s.")
                % {"right": right.label}]  # fmt: skip

    def _of_steps(self) -> list[str]:
        if self.about.kind != "journey" or "propose" in self._standing.rights:
            return []
        if self._standing.owns_a_step:
            return [_("They are in a team that owns a step of it.")]
        return []

    def _who(self, who: Who, standing: Standing) -> list[str]:
        """What somebody is to a change."""
        change = standing.change
        if who in (Who.AUTHOR, Who.EDITOR) and change.author_id == self.person.pk:
            return [_("They opened this change.")]
        if who is Who.AUTHOR and policies.ANSWERS[who](standing):
            return [_("Whoever opened it has left, and they may propose here.")]
        if who is Who.READER:
            return [_("Everybody who sees it may.")]
        if who is Who.MANAGER and standing.is_operations:
            return [_("They lead journey operations.")]
        if who in (Who.REVIEWER, Who.DECIDER, Who.AFTER_REVIEWER) and standing.requirements:
            if all(standing.mine[one.pk] is None for one in standing.requirements):
                return [_("Their decision on it is asked for.")]
            return [_("They decide in place of somebody whose decision is asked for.")]
        return []

    def _notes(self) -> Iterator[str]:
        if not self.person.is_active:
            yield _(
                "This account is switched off: the person cannot sign in, so they can see and do "
                "nothing."
            )
            return
        if User.objects.filter(missing_for(OuterRef("pk")), pk=self.person.pk).exists():
            yield _(
                "A role of theirs takes a second factor, which they have to set up before "
                "anything else."
            )
        if self._is_out_of_step():
            yield _(
                "What is stored of their rights here is not what the grants give. An operator puts "
                "that right with “manage.py check_grants --repair”."
            )

    def _is_out_of_step(self) -> bool:
        if self.person.is_superuser:
            return False
        given = {code for one in self._held if one.grant.is_in_force for code in one.codes}
        on_it = {code for code in given if code.endswith(f"_{self.about.kind}")}
        return on_it != rights_on(self.person, self.about.subject)


# All that can be asked of a change, for whoever names an action that there is not.
ACTIONS = (*(action.value for action in TRANSITIONS), PICK_UP)
