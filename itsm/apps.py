from django.apps import AppConfig


class ItsmConfig(AppConfig):
    name = "itsm"

    def ready(self) -> None:
        # Permissions and apps must be loaded before the navigation names them.
        from itsm.calendar_editor import log as calendar_log
        from itsm.shell import places

        places.register_all()
        calendar_log.connect()
