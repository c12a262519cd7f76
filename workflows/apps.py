from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "workflows"

    def ready(self) -> None:
        from core.queries import keepers
        from core.triggers import contribute
        from workflows import receivers, triggers  # noqa: F401 - connects the engine's signals
        from workflows.crisis.queries import carriers

        contribute(triggers.triggers)
        keepers.contribute(carriers.binds)
