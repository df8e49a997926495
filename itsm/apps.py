from django.apps import AppConfig


class ItsmConfig(AppConfig):
    name = "itsm"
