"""The roles and channels a new portal starts with; an admin changes them afterwards."""

from typing import Any

VIEW, PROPOSE, PUBLISH, MANAGE = (
    "view_journey",
    "propose_journey",
    "publish_journey",
    "manage_journey",
)

ROLES: tuple[dict[str, Any], ...] = (
    {
        "key": "journey-manager",
        "name": "Journey manager",
        "name_zh_hans": "旅程经理",
        "name_zh_hant": "旅程經理",
        "permissions": [VIEW, PROPOSE, PUBLISH, MANAGE],
        "is_owner": True,
    },
    {
        "key": "analysis-manager",
        "name": "Analysis manager",
        "name_zh_hans": "分析经理",
        "name_zh_hant": "分析經理",
        "permissions": [VIEW, PROPOSE],
        "is_owner": True,
    },
    {
        "key": "optimisation-manager",
        "name": "Optimisation manager",
        "name_zh_hans": "优化经理",
        "name_zh_hant": "優化經理",
        "permissions": [VIEW, PROPOSE],
        "is_owner": True,
    },
    {
        "key": "design-manager",
        "name": "Design manager",
        "name_zh_hans": "设计经理",
        "name_zh_hant": "設計經理",
        "permissions": [VIEW, PROPOSE],
        "is_owner": True,
    },
    {
        "key": "contributor",
        "name": "Contributor",
        "name_zh_hans": "贡献者",
        "name_zh_hant": "貢獻者",
        "permissions": [VIEW, PROPOSE],
        "is_owner": False,
    },
    {
        "key": "viewer",
        "name": "Viewer",
        "name_zh_hans": "查看者",
        "name_zh_hant": "檢視者",
        "permissions": [VIEW],
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
