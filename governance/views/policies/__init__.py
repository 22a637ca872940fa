"""Screens of policies: all of them, one of them, writing one, deciding on it, taking them over."""

from governance.views.policies.building import policy_create, policy_edit
from governance.views.policies.deciding import policy_activate, policy_decline, policy_end
from governance.views.policies.importing import policy_export, policy_import
from governance.views.policies.listing import policy_detail, policy_list

__all__ = [
    "policy_activate",
    "policy_create",
    "policy_decline",
    "policy_detail",
    "policy_edit",
    "policy_end",
    "policy_export",
    "policy_import",
    "policy_list",
]
