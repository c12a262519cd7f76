"""To whom the draft goes, and what the draft says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from core.enums import Codename, ReplyForm
from core.models import Inquiry, Person, Question
from core.queries import organisation
from core.queries.mandates import post_title
from workflows.fields import CleanText, reason_field
from workflows.press_inquiry import queries
from workflows.press_inquiry.actions.drafting import ANSWER_LIMIT, Submission
from workflows.press_inquiry.models import DraftVersion

if TYPE_CHECKING:
    PersonChoiceField = forms.ModelChoiceField[Person]
else:
    PersonChoiceField = forms.ModelChoiceField


class PersonField(PersonChoiceField):
    """People with their post and how much each has on the desk."""

    loads: Mapping[int, int] = {}
    posts: Mapping[int, str] = {}

    def label_from_instance(self, obj: Model) -> str:
        assert isinstance(obj, Person)
        load = self.loads.get(obj.pk, 0)
        drafts = ngettext("%(count)d open draft", "%(count)d open drafts", load) % {"count": load}
        return " – ".join(part for part in (obj.full_name, self.posts.get(obj.pk, ""), drafts) if part)


class AssignForm(forms.Form):
    use_required_attribute = False

    person = PersonField(
        label=gettext_lazy("Who writes the draft"),
        queryset=Person.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a person.")},
    )

    def __init__(
        self, *args: Any, inquiry: Inquiry, at: datetime, loads: Mapping[int, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        people = organisation.people_with(
            Codename.DRAFT_REPLY, agency=inquiry.agency, at=at, unit=inquiry.lead_unit
        ).order_by("full_name")
        field = self.fields["person"]
        assert isinstance(field, PersonField)
        field.loads = loads
        field.posts = {person.pk: post_title(person, agency=inquiry.agency, at=at) for person in people}
        field.queryset = people


class AnswerField(NamedTuple):
    question: Question
    field: forms.BoundField


class SubmissionForm(forms.Form):
    """The reply: its form, an answer per question, and what an interview needs besides."""

    use_required_attribute = False

    reply_form = forms.TypedChoiceField(
        label=gettext_lazy("Form of the reply"),
        choices=ReplyForm.choices,
        coerce=ReplyForm,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the form of the reply.")},
    )
    talking_points = CleanText(
        label=gettext_lazy("Talking points"),
        limit=ANSWER_LIMIT,
        rows=6,
        required=False,
        help_text=gettext_lazy("What the speaker says in the interview."),
    )
    questions_beforehand = CleanText(
        label=gettext_lazy("Questions given beforehand"),
        limit=ANSWER_LIMIT,
        rows=4,
        required=False,
        help_text=gettext_lazy("As the journalist sent them before the interview."),
    )

    def __init__(self, *args: Any, inquiry: Inquiry, is_advice: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions: Sequence[Question] = list(queries.questions_to_answer(inquiry))
        field = self.fields["reply_form"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = forms_of_reply(inquiry, is_advice=is_advice)
        if is_advice:
            field.initial = ReplyForm.LETTER
            field.help_text = _("Advice to a superior goes up as a document.")
        elif not inquiry.asker_email:
            field.help_text = _(
                "No e-mail address of the journalist is known, so a reply by e-mail is not offered."
            )
        for question in self.questions:
            self.fields[f"answer_{question.number}"] = CleanText(
                label=_("Answer to question %(number)s") % {"number": question.number},
                limit=ANSWER_LIMIT,
                rows=6,
                required=False,
            )

    @property
    def by_question(self) -> list[AnswerField]:
        return [AnswerField(question, self[f"answer_{question.number}"]) for question in self.questions]

    def submission(self) -> Submission:
        data = self.cleaned_data
        is_interview = data["reply_form"] == ReplyForm.INTERVIEW
        return Submission(
            reply_form=data["reply_form"],
            answers={question.number: data[f"answer_{question.number}"] for question in self.questions},
            talking_points=data["talking_points"] if is_interview else "",
            questions_beforehand=data["questions_beforehand"] if is_interview else "",
        )


class DraftForm(SubmissionForm):
    """Hand in, or give the assignment back; one form, so that neither button loses what stands in the other."""

    GIVE_BACK = "give_back"

    reason = reason_field(
        label=gettext_lazy("Why you give it back"),
        help_text=gettext_lazy(
            "The unit's head reads it and assigns again; it stands in the decision trail."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gives_back = self.data.get("action") == self.GIVE_BACK
        if self.gives_back:
            for field in self.fields.values():
                field.required = False
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = _("Give the reason.")


def forms_of_reply(inquiry: Inquiry, *, is_advice: bool) -> list[tuple[str, Any]]:
    if is_advice:
        return [(ReplyForm.LETTER.value, ReplyForm.LETTER.label)]
    without = set() if inquiry.asker_email else {ReplyForm.EMAIL}
    return [(form.value, form.label) for form in ReplyForm if form not in without]


def initial_from(version: DraftVersion | None, questions: Sequence[Question]) -> dict[str, Any]:
    """The latest version to go on from; before there is one, a sentence for every redirected question."""
    if version is None:
        return {
            f"answer_{question.number}": redirecting(question)
            for question in questions
            if question.is_redirected
        }
    answers = {f"answer_{row['question']}": row["text"] for row in version.answers}
    return answers | {
        "reply_form": version.reply_form,
        "talking_points": version.talking_points,
        "questions_beforehand": version.questions_beforehand,
    }


def redirecting(question: Question) -> str:
    """In Vietnamese whatever language the page speaks: it is the reply's own text."""
    with override("vi"):
        return _(
            "This matter falls within the competence of %(agency)s. "
            "You are kindly asked to contact %(agency)s to be informed."
        ) % {"agency": question.redirected_to}
