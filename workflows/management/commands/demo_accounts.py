from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.models import Person
from workflows.demo import password


class Command(BaseCommand):
    help = "Print the demonstration's accounts and their one password."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO=0: there are no demonstration accounts.")
        self.stdout.write(f"Demo accounts (fictional people), password: {password()}")
        for person in Person.objects.filter(is_demo=True).order_by("username"):
            titles = ", ".join(
                f"{post.title}, {post.agency.code}" for post in person.posts.select_related("agency")
            )
            self.stdout.write(f"  {person.username:<24} {person.full_name} – {titles}")
