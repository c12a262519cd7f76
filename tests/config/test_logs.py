import logging
from typing import Any

import pytest
from django.db import IntegrityError

from config.logs import WordlessFormatter
from config.settings import base

SECRET = "Failing row contains (Phương án XYZ)"


def logged(message: str, *args: object, error: BaseException | None = None) -> str:
    exc_info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, message, args, exc_info)
    return WordlessFormatter("{levelname} {message}", style="{").format(record)


def raised() -> BaseException:
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise IntegrityError(SECRET) from error
    except IntegrityError as error:
        return error


def test_an_error_is_logged_by_kind_and_place_with_its_cause_and_without_its_words() -> None:
    text = logged("The job failed.", error=raised())

    assert "XYZ" not in text
    assert text.index("builtins.ValueError") < text.index("django.db.utils.IntegrityError")
    assert f"{__file__}:" in text
    assert "in raised" in text


def test_an_error_given_as_an_argument_is_named_by_its_kind() -> None:
    assert (
        logged("Error calling send (%s).", raised())
        == "ERROR Error calling send (django.db.utils.IntegrityError)."
    )


def test_a_traceback_formatted_elsewhere_is_not_repeated() -> None:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "Failed.", (), None)
    record.exc_text = SECRET

    assert WordlessFormatter("%(message)s").format(record) == "Failed."
    assert record.exc_text == SECRET


@pytest.mark.parametrize("logger", ["", "django", "django-q"])
def test_everything_that_is_logged_passes_there(logger: str) -> None:
    config: dict[str, Any] = base.LOGGING
    assert config["formatters"]["line"]["()"] == "config.logs.WordlessFormatter"
    assert config["handlers"]["console"]["formatter"] == "line"
    named = config["loggers"][logger] if logger else config["root"]
    assert named["handlers"] == ["console"]
