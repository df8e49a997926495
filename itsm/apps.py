from django.apps import AppConfig


class ItsmConfig(AppConfig):
    name = "itsm"

    def ready(self) -> None:
        # Late: the models of the log are loaded only now.
        from itsm.calendar_editor import log as calendar_log

        calendar_log.connect()
