from django.apps import AppConfig


class ItsmConfig(AppConfig):
    name = "itsm"

    def ready(self) -> None:
        # Permissions and apps must be loaded before the navigation names them.
        from django.contrib.auth.signals import user_logged_in

        from approvals import mail
        from itsm import measure_notices
        from itsm.calendar_editor import log as calendar_log
        from itsm.sessions import ending
        from itsm.shell import places
        from slm.breaches import purposes as excuses

        places.register_all()
        measure_notices.register()
        excuses.register_all()
        from notifications import preferences

        mail.ask_first(preferences.wants_decision_mail)
        calendar_log.connect()
        user_logged_in.connect(ending.on_sign_in, dispatch_uid="end of the sign-in")
