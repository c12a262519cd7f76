import pytest
from django.utils.module_loading import import_string
from django_q.models import Schedule

from config.schedules import SCHEDULES, install_schedules


@pytest.mark.parametrize("path", [row.function for row in SCHEDULES])
def test_schedule_names_a_function_that_exists(path: str) -> None:
    assert callable(import_string(path))


@pytest.mark.django_db
def test_schedules_installed_twice_are_the_same_rows_with_the_same_next_run() -> None:
    install_schedules()
    before = set(Schedule.objects.values_list("pk", "name", "func", "minutes", "next_run"))

    install_schedules()

    assert set(Schedule.objects.values_list("pk", "name", "func", "minutes", "next_run")) == before
    assert {(name, func, minutes) for _pk, name, func, minutes, _run in before} == set(SCHEDULES)


@pytest.mark.django_db
def test_schedule_that_is_wrong_or_no_longer_wanted_is_put_right() -> None:
    install_schedules()
    first = SCHEDULES[0]
    Schedule.objects.filter(name=first.name).update(func="somewhere.else")
    Schedule.objects.create(name="Forgotten", func="core.tasks.gone", schedule_type=Schedule.DAILY)

    install_schedules()

    assert Schedule.objects.get(name=first.name).func == first.function
    assert not Schedule.objects.filter(name="Forgotten").exists()
