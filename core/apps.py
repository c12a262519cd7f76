from django.apps import AppConfig


class CoreConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "core"

    def ready(self) -> None:
        from core import checks, exclusions, receivers, triggers  # noqa: F401

        triggers.contribute(exclusions.triggers)
        receivers.connect(self)
