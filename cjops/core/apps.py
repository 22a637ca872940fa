from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "cjops.core"
    label = "core"
