"""Refusals: what the portal says no to, and how it says so."""

from typing import Any


class DomainError(Exception):
    """A refusal the user can act on. Anything else that escapes is a bug.

    `message` is a translated sentence for people; `errors` maps a field (or JSON pointer) to the
    sentences about it; `code` is for programs and never changes.
    """

    code = "refused"
    status = 400

    def __init__(
        self,
        message: str = "",
        *,
        code: str = "",
        errors: dict[str, list[str]] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.errors = errors or {}
        self.extra = extra

    @property
    def sentences(self) -> list[str]:
        """All that it says, each sentence once."""
        details = [sentence for several in self.errors.values() for sentence in several]
        return [one for one in dict.fromkeys([self.message, *details]) if one]

    @property
    def reason(self) -> str:
        """What exactly is wrong, where only one sentence can be said."""
        return next((one for several in self.errors.values() for one in several), self.message)


class Invalid(DomainError):
    """The input is wrong; `errors` says where."""

    code = "invalid"


class Forbidden(DomainError):
    """The person may see it and may not do it; the message gives the reason."""

    code, status = "forbidden", 403


class NotFound(DomainError):
    """Missing or invisible: the two must look alike."""

    code, status = "not_found", 404


class Conflict(DomainError):
    """The state does not allow it, now or any more."""

    code, status = "conflict", 409


class Stale(DomainError):
    """Somebody saved in between: the digest named is no longer the current one."""

    code, status = "stale", 412


class TooLarge(DomainError):
    """The body is larger than a governed document may be."""

    code, status = "too_large", 413


class DocumentInvalid(DomainError):
    """The document does not hold; `extra["findings"]` lists why."""

    code, status = "document_invalid", 422


class PreconditionRequired(DomainError):
    """A write that must name the digest it was based on did not."""

    code, status = "precondition_required", 428


class TooMany(DomainError):
    """Tried too often; it works again after some minutes."""

    code, status = "throttled", 429
