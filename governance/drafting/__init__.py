"""Policies as forms write them: what somebody has filled in so far, whole or not."""

from governance.drafting.choices import Choices
from governance.drafting.drafts import Draft
from governance.drafting.telling import Told, differences, tell, told_draft

__all__ = ["Choices", "Draft", "Told", "differences", "tell", "told_draft"]
