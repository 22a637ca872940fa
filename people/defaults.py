"""The roles and channels a new portal starts with; an admin changes them afterwards."""

from typing import Any

from people.rights import complete

VIEW = ["view_journey", "view_asset", "view_taxonomy"]
PROPOSE = ["propose_journey", "propose_asset", "propose_taxonomy"]
ANSWER = ["publish_journey", "manage_journey"]
STEWARD = ["publish_asset", "manage_asset", "publish_taxonomy", "manage_taxonomy"]

ROLES: tuple[dict[str, Any], ...] = (
    {
        "key": "journey-manager",
        "name": "Journey manager",
        "name_zh_hans": "旅程经理",
        "name_zh_hant": "旅程經理",
        "permissions": complete({*VIEW, *PROPOSE, *ANSWER}),
        "is_owner": True,
    },
    {
        "key": "analysis-manager",
        "name": "Analysis manager",
        "name_zh_hans": "分析经理",
        "name_zh_hant": "分析經理",
        "permissions": complete({*VIEW, *PROPOSE}),
        "is_owner": True,
    },
    {
        "key": "optimisation-manager",
        "name": "Optimisation manager",
        "name_zh_hans": "优化经理",
        "name_zh_hant": "優化經理",
        "permissions": complete({*VIEW, *PROPOSE}),
        "is_owner": True,
    },
    {
        "key": "design-manager",
        "name": "Design manager",
        "name_zh_hans": "设计经理",
        "name_zh_hant": "設計經理",
        "permissions": complete({*VIEW, *PROPOSE}),
        "is_owner": True,
    },
    {
        "key": "contributor",
        "name": "Contributor",
        "name_zh_hans": "贡献者",
        "name_zh_hant": "貢獻者",
        "permissions": complete({*VIEW, *PROPOSE}),
        "is_owner": False,
    },
    {
        "key": "channel-steward",
        "name": "Channel steward",
        "name_zh_hans": "渠道负责人",
        "name_zh_hant": "通路負責人",
        "permissions": complete({*VIEW, *PROPOSE, *STEWARD}),
        "is_owner": False,
    },
    {
        "key": "reviewer",
        "name": "Reviewer",
        "name_zh_hans": "审核人",
        "name_zh_hant": "審閱人",
        "permissions": complete({*VIEW}),
        "is_owner": False,
    },
    {
        "key": "viewer",
        "name": "Viewer",
        "name_zh_hans": "查看者",
        "name_zh_hant": "檢視者",
        "permissions": complete({*VIEW}),
        "is_owner": False,
    },
    # Over the portal: granted on everything.
    {
        "key": "governance-lead",
        "name": "Governance lead",
        "name_zh_hans": "治理负责人",
        "name_zh_hant": "治理負責人",
        "permissions": complete({"manage_policies"}),
        "is_owner": False,
    },
    {
        "key": "auditor",
        "name": "Auditor",
        "name_zh_hans": "审计员",
        "name_zh_hant": "稽核員",
        "permissions": complete({"see_everything"}),
        "is_owner": False,
    },
)

CHANNELS: tuple[dict[str, Any], ...] = (
    {
        "key": "email",
        "name": "E-mail",
        "name_zh_hans": "电子邮件",
        "name_zh_hant": "電郵",
        "icon": "envelope",
        "carries_content": True,
    },
    {
        "key": "sms",
        "name": "SMS",
        "name_zh_hans": "短信",
        "name_zh_hant": "短訊",
        "icon": "chat-left-text",
        "carries_content": True,
    },
    {
        "key": "push",
        "name": "Push",
        "name_zh_hans": "推送通知",
        "name_zh_hant": "推送通知",
        "icon": "bell",
        "carries_content": True,
    },
    {
        "key": "web",
        "name": "Web",
        "name_zh_hans": "网站",
        "name_zh_hant": "網站",
        "icon": "globe2",
        "carries_content": False,
    },
    {
        "key": "in-app",
        "name": "In-app",
        "name_zh_hans": "应用内",
        "name_zh_hant": "應用程式內",
        "icon": "phone",
        "carries_content": False,
    },
    {
        "key": "social",
        "name": "Social",
        "name_zh_hans": "社交媒体",
        "name_zh_hant": "社交媒體",
        "icon": "people",
        "carries_content": False,
    },
    {
        "key": "display",
        "name": "Display",
        "name_zh_hans": "展示广告",
        "name_zh_hant": "展示廣告",
        "icon": "badge-ad",
        "carries_content": False,
    },
    {
        "key": "call-centre",
        "name": "Call centre",
        "name_zh_hans": "客服中心",
        "name_zh_hant": "客戶服務中心",
        "icon": "headset",
        "carries_content": False,
    },
    {
        "key": "branch",
        "name": "Branch",
        "name_zh_hans": "分行网点",
        "name_zh_hant": "分行",
        "icon": "bank",
        "carries_content": False,
    },
)
