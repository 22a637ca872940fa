"""What two changes that are both open would break together, or edit both.

Each revision writes down what it lays hands on (`governance.models.Claim`). Two claims of the same
name oppose each other: one removes the step that the other leads to. So the others are found by an
index, across all subjects, and no document but this change's own is read.
"""

from governance.clashes.finding import Clash, Clashes, clashes_of

__all__ = ["Clash", "Clashes", "clashes_of"]
