"""Fields that clean the way everything is kept: NFC, nothing invisible, within a limit told in the sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Invalid
from core.rules import attachments, text

EARLIEST_YEAR, LATEST_YEAR = 1945, 2199
LONGEST_NUMBER = 18
REASON_LIMIT = 2_000


def is_row_number(given: str) -> bool:
    """Whether a database can be asked for a row of this number: plain digits, no more than it can hold."""
    return given.isascii() and given.isdecimal() and len(given) <= LONGEST_NUMBER


class CleanText(forms.CharField):
    """Several lines of text, cleaned by the rule that everything kept goes through."""

    widget: Any = forms.Textarea
    rule: Callable[..., str] = staticmethod(text.clean_text)

    def __init__(self, *, limit: int, rows: int = 4, **kwargs: Any) -> None:
        self.limit = limit
        super().__init__(**kwargs)
        if isinstance(self.widget, forms.Textarea):
            self.widget.attrs["rows"] = rows

    def to_python(self, value: Any) -> str:
        try:
            return self.rule(str(value or ""), limit=self.limit)
        except Invalid as error:
            raise forms.ValidationError(str(error)) from error


class CleanLine(CleanText):
    """One line of text."""

    widget = forms.TextInput
    rule = staticmethod(text.clean_line)


class SuggestedLine(CleanLine):
    """One line with known values to choose from, or anything else."""

    def __init__(self, *, suggestions: list[str], list_id: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.suggestions = suggestions
        self.list_id = list_id
        self.widget.attrs |= {"list": list_id, "autocomplete": "off"}


class Instant(forms.DateTimeField):
    """A local date and time, to the minute."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        try:
            found: datetime | None = super().to_python(value)
        except OverflowError:
            found = datetime.min  # noqa: DTZ901 - only its year is looked at
        if found is not None and found.year < EARLIEST_YEAR:
            raise cannot_be_right()
        return found


class Day(forms.DateField):
    """A day near enough to count on from it, in both directions."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def to_python(self, value: Any) -> date | None:
        found: date | None = super().to_python(value)
        if found is not None and not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
            raise cannot_be_right()
        return found


def cannot_be_right() -> forms.ValidationError:
    return forms.ValidationError(_("This date cannot be right. Write day, month and year with four digits."))


class Rows(forms.ModelMultipleChoiceField[Any]):
    """Several rows; what cannot be the number of one is told like any other that is not offered."""

    def clean(self, value: Any) -> Any:
        given = map(str, value) if isinstance(value, list | tuple) else ()
        for each in given:
            if not is_row_number(each):
                shortened = {"pk": each[:LONGEST_NUMBER]}
                raise forms.ValidationError(self.error_messages["invalid_pk_value"], params=shortened)
        return super().clean(value)


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    """Any number of files, each of an accepted type by its content; the cleaned value is names with bytes."""

    def __init__(self, **kwargs: Any) -> None:
        widget = ManyFilesInput(attrs={"accept": ",".join(attachments.ACCEPT)})
        super().__init__(widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        errors: list[str] = []
        kept = [file for upload in uploads if (file := self._read(upload, errors))]
        if errors:
            raise forms.ValidationError(errors)
        return kept

    def _read(self, upload: UploadedFile[Any], errors: list[str]) -> tuple[str, bytes] | None:
        name = upload.name or ""
        # One byte more than allowed is enough to see that there are too many.
        upload.seek(0)
        data = upload.read(settings.MAX_ATTACHMENT_BYTES + 1)
        try:
            attachments.check(name, data)
        except Invalid as error:
            errors.append(str(error))
            return None
        return name, data


def reason_field(*, label: Any = None, **kwargs: Any) -> CleanText:
    """A reason. Where it is mandatory the act says so, because that depends on the button pressed."""
    return CleanText(
        label=label or gettext_lazy("Reason"),
        limit=REASON_LIMIT,
        rows=3,
        required=kwargs.pop("required", False),
        **kwargs,
    )
