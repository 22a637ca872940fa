"""May I? Buttons, refusals, API and services all ask for one `Verdict`."""

from dataclasses import dataclass

from cjops.core.errors import Conflict, DomainError, Forbidden


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something is allowed, and if not, the reason as a translated sentence.

    `by_state` tells a refusal that time or other people may lift (409) from a lack of right (403).
    """

    allowed: bool
    reason: str = ""
    by_state: bool = False

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise the refusal this verdict stands for, if it is one."""
        if self.allowed:
            return
        refusal: type[DomainError] = Conflict if self.by_state else Forbidden
        raise refusal(self.reason)


YES = Verdict(True)


def no(reason: str) -> Verdict:
    """A lack of right, with its reason."""
    return Verdict(False, reason)


def not_now(reason: str) -> Verdict:
    """A refusal by the state of things, with its reason."""
    return Verdict(False, reason, by_state=True)
