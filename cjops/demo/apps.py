from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "cjops.demo"
    label = "demo"
