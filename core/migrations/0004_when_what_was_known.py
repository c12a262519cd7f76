from typing import Any

from django.db import migrations
from django.db.models import F
from django.utils import timezone


def know_when(apps: Any, _schema_editor: Any) -> None:
    """What was granted before is taken as granted until its end; a post is known since its entry in the trail."""
    Mandate, Post, TrailEntry = (apps.get_model("core", name) for name in ("Mandate", "Post", "TrailEntry"))
    Mandate.objects.update(granted_until=F("valid_until"))
    Post.objects.update(granted_until=F("valid_until"), recorded_at=F("valid_from"))
    appointed = TrailEntry.objects.filter(type="person.appointed", object_type="core.Post")
    for entry in appointed.order_by("pk").iterator():
        Post.objects.filter(pk=entry.object_id).update(recorded_at=entry.recorded_at)


def close_accounts(apps: Any, _schema_editor: Any) -> None:
    Person, AccountClosure = apps.get_model("core", "Person"), apps.get_model("core", "AccountClosure")
    AccountClosure.objects.bulk_create(
        AccountClosure(person=person, closed_at=person.last_login or timezone.now())
        for person in Person.objects.filter(is_active=False)
    )


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_mandates_that_know_when"),
    ]

    operations = [
        migrations.RunPython(know_when, migrations.RunPython.noop),
        migrations.RunPython(close_accounts, migrations.RunPython.noop),
    ]
