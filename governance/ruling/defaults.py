"""The policies a new portal starts with; a governance lead changes them afterwards."""

from typing import Any

EVERY_OTHER = {"fact": "roll_back", "op": "is", "value": False}

DEFAULTS: tuple[dict[str, Any], ...] = (
    {
        "key": "steward",
        "name": {
            "en": "Channel teams decide on their channels",
            "zh-hans": "渠道团队决定自己的渠道",
            "zh-hant": "頻道團隊決定自己的頻道",
        },
        "description": {
            "en": "For every touched channel a lead of a team that stewards it decides on what "
            "is touched there.",
            "zh-hans": "对于每个涉及的渠道，由负责该渠道的团队的负责人对涉及的部分作出决定。",
            "zh-hant": "對於每個涉及的頻道，由負責該頻道的團隊主管對涉及的部分作出決定。",
        },
        "when": EVERY_OTHER,
        "require": [
            {
                "key": "steward",
                "name": {"en": "Channel team", "zh-hans": "渠道团队", "zh-hant": "頻道團隊"},
                "reviewers": [{"stewards": True}],
                "scope": "parts",
                "remind_after": 48,
            }
        ],
    },
    {
        "key": "owner",
        "name": {
            "en": "Whoever answers for it decides",
            "zh-hans": "由负责人决定",
            "zh-hant": "由負責人決定",
        },
        "description": {
            "en": "The journey manager decides on the whole change; for content and taxonomies a "
            "lead of the owner team. Where they edited it themselves, journey operations decides.",
            "zh-hans": "由旅程经理对整个变更作出决定；内容和分类法由所属团队的负责人决定。"
            "如果他们自己编辑过，则由旅程运营团队决定。",
            "zh-hant": "由旅程經理對整個變更作出決定；內容和分類法由所屬團隊的主管決定。"
            "如果他們自己編輯過，則由旅程營運團隊決定。",
        },
        "when": EVERY_OTHER,
        "require": [
            {
                "key": "owner",
                "name": {"en": "Owner", "zh-hans": "负责人", "zh-hant": "負責人"},
                "reviewers": [{"owner": True}],
                "otherwise": [{"team_kind": "journey_operations"}],
                "remind_after": 48,
                "escalate": {"after": 24, "to": [{"team_kind": "journey_operations"}]},
            }
        ],
    },
    {
        "key": "roll-back",
        "name": {
            "en": "A roll-back takes one more person",
            "zh-hans": "回滚需要另一个人同意",
            "zh-hant": "復原需要另一個人同意",
        },
        "description": {
            "en": "A roll-back that nobody edited returns to what was reviewed before: any one of "
            "those who would decide otherwise is enough.",
            "zh-hans": "无人编辑过的回滚会恢复到之前审核过的内容：原本有权决定的任何一人同意即可。",
            "zh-hant": "無人編輯過的復原會回到先前審核過的內容：原本有權決定的任何一人同意即可。",
        },
        "when": {"fact": "roll_back", "op": "is", "value": True},
        "require": [
            {
                "key": "roll-back",
                "name": {"en": "Second person", "zh-hans": "另一个人", "zh-hant": "另一個人"},
                "reviewers": [
                    {"stewards": True},
                    {"owner": True},
                    {"team_kind": "journey_operations"},
                ],
                "hours": 24,
            }
        ],
    },
)
