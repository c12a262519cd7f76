from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "documents"

    def ready(self) -> None:
        from core.queries import keepers
        from core.triggers import contribute
        from documents import checks, triggers  # noqa: F401
        from documents.queries import register

        contribute(triggers.triggers)
        keepers.contribute(register.binds)
