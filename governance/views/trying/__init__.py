"""Screens that try policies and look after those who decide: test bench, replays, health."""

from governance.views.trying.bench import policy_test
from governance.views.trying.health import approver_health
from governance.views.trying.replays import (
    replay_cancel,
    replay_create,
    replay_detail,
    replay_export,
    replay_list,
)

__all__ = [
    "approver_health",
    "policy_test",
    "replay_cancel",
    "replay_create",
    "replay_detail",
    "replay_export",
    "replay_list",
]
