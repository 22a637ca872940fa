"""What the description of the API says of itself, and what its words are called."""

DESCRIPTION = {
    "TITLE": "CJOps API",
    "VERSION": "1",
    "DESCRIPTION": "Change control for customer journeys. `docs/api.md` walks through it.",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "SubjectKind": "governance.models.SubjectKind",
        "AssetKind": "content.kinds.CHOICES",
        "AssetStatus": "content.models.AssetStatus",
        "TeamKind": "people.models.TeamKind",
        "ChangeState": "governance.transitions.State",
        "HaltKind": ["pause", "stop"],
        "LedgerKind": ["journey", "asset", "taxonomy", "policy", "delegation"],
        "HunkOp": ["add", "remove", "edit", "move"],
        "EditOp": ["add", "update", "remove", "move"],
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
