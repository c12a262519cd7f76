"""The law as data: what is in force on a day, old beside new, a provision and its text, the law that governs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from core import permissions
from core.actions import law as actions
from core.enums import AgencyKind, Codename, InquiryKind, StartingEvent
from core.errors import DomainError, Invalid, NotAllowedNow, NotFound
from core.models import Agency, Instrument, LocalRule, Provision, RuleKey, RuleSet, RuleSetChoice
from core.queries import law, organisation
from core.rules.deadlines import local_day
from core.rules.law import LooserThanLaw, NoRuleSet, UnknownDuty
from core.rules.law_words import said_of
from workflows import law_forms as forms
from workflows import law_queries, locks
from workflows.act_page import reason_why_not
from workflows.press_inquiry.rules import DUTIES
from workflows.signed_in import Page, SignedIn
from workflows.views.beside import BesidePage

if TYPE_CHECKING:
    ActFormView = FormView[Form]
else:
    ActFormView = FormView

PER_PAGE = 25


class LawPage(Page):
    """A page of the law; the rules of the person's own kind of agency are shown unless another is asked for."""

    @cached_property
    def today(self) -> date:
        return local_day(self.at)

    def own_kind(self) -> str:
        kinds = organisation.agencies_of(self.person, at=self.at).order_by("name")
        return kinds.values_list("kind", flat=True).first() or AgencyKind.DEPARTMENT

    def asked(self, form_class: type[forms.FilterForm], **defaults: str) -> tuple[forms.FilterForm, Any]:
        """The filter as asked for; what was not said or cannot be read stands at its default."""
        said = {name: text for name, text in self.request.GET.dict().items() if text}
        form = form_class({**defaults, **said})
        asked = form.asked()
        unread = {name: default for name, default in defaults.items() if name in form.errors}
        form.data = {**form.data, **unread}
        return form, asked


class LawOfDay(LawPage):
    """What is in force on a day. The number of queries does not grow with the rows."""

    template_name = "workflows/law/law.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own_kind = self.own_kind()
        form, asked = self.asked(forms.DayForm, on=str(self.today), kind=own_kind)
        on, kind = asked.get("on") or self.today, asked.get("kind") or own_kind
        instrument, words = asked.get("instrument"), asked.get("q", "")
        governing = self._governing(on)
        chapters = law_queries.chapters(on, instrument=instrument, words=words)
        return super().get_context_data(**kwargs) | governing | {
            "form": form,
            "on": on,
            "kind": AgencyKind(kind),
            "bad_date": "on" in form.errors,
            "is_filtered": bool(instrument or words),
            "chapters": sorted(chapters, key=lambda chapter: chapter.instrument.pk not in governing["leading"]),
            "grounds": list(law.grounds(on)),
            "lines": law_queries.rules_of_day(on, kind=kind),
            "local_rules": _local_lines(law_queries.local_rules(self.person, on=on, at=self.at)),
        }  # fmt: skip

    def _governing(self, on: date) -> dict[str, Any]:
        instruments = list(law_queries.instruments(on))
        try:
            governing, sentence = law.rule_set(on), ""
        except NoRuleSet as error:
            return {
                "rule_set": None, "no_rule_set": str(error), "instruments": instruments, "leading": set()
            }  # fmt: skip
        leading = set(governing.instruments.values_list("pk", flat=True))
        instruments.sort(key=lambda instrument: instrument.pk not in leading)
        return {
            "rule_set": governing, "no_rule_set": sentence, "instruments": instruments, "leading": leading
        }  # fmt: skip


def _local_lines(rows: Iterable[LocalRule]) -> list[dict[str, Any]]:
    return [{"rule": rule, "title": law_queries.named(rule.key), "said": said_of(rule)} for rule in rows]


class Compare(LawPage):
    """The old regime beside the new one."""

    template_name = "workflows/law/compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own_kind = self.own_kind()
        form, asked = self.asked(forms.CompareForm, kind=own_kind)
        kind, show = asked.get("kind") or own_kind, asked.get("show", "")
        regimes = law_queries.regimes()
        change = regimes[-1].valid_from if len(regimes) == 2 else None
        return super().get_context_data(**kwargs) | {
            "form": form,
            "kind": AgencyKind(kind),
            "is_filtered": bool(show),
            "regimes": regimes,
            "change": change,
            "rules": law_queries.rules_beside_each_other(change, kind=kind, show=show) if change else [],
            "groups": law_queries.compared(show=show),
        }


class ProvisionPage(LawPage):
    """One provision, the rules that rest on it and, as far as the person may see them, our decisions."""

    template_name = "workflows/law/provision.html"

    @cached_property
    def provision(self) -> Provision:
        return find_provision(self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        provision = self.provision
        resting = law.resting_on(provision, seen_by=self.person, at=self.at)
        return super().get_context_data(**kwargs) | {
            "provision": provision,
            "is_in_force": provision.covers(self.today),
            "predecessors": list(provision.predecessors.select_related("instrument").order_by("pk")),
            "lines": law_queries.rules_resting_on(provision),
            "resting": resting,
            "sha256": actions.text_sha256(provision.verbatim) if provision.verbatim else "",
            "may_enter": permissions.allowed(
                permissions.check_right, self.person, Codename.KEEP_LAW, at=self.at
            ),
            "why_not_check": self._why_not_check(),
        }

    def _why_not_check(self) -> str:
        right = reason_why_not(permissions.check_right, self.person, Codename.KEEP_LAW, at=self.at)
        if not right and self.provision.entered_by_id == self.person.pk:
            return _("You entered this text; another legal officer checks it.")
        return right


def find_provision(pk: int) -> Provision:
    rows = Provision.objects.select_related("instrument", "successor__instrument", "entered_by", "checked_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such provision. Look for it among those of the day."))
    return found


class CheckText(ProvisionPage):
    """Only a button, so only POST: the text that was shown is confirmed, or the page says why not."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sha256 = request.POST.get("sha256", "")
        try:
            actions.check_verbatim(provision=self.provision, sha256=sha256, by=self.person, at=self.at)
        except DomainError as error:
            context = self.get_context_data(**kwargs, problem=str(error))
            return self.render_to_response(context, status=error.status)
        messages.success(request, _("The text is recorded as checked, with your name and the time."))
        return HttpResponseRedirect(reverse("provision", args=[self.provision.pk]))


class Texts(LawPage):
    """Which verbatim texts are not yet entered, which wait for a check, and who checked the others."""

    template_name = "workflows/law/texts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, asked = self.asked(forms.TextsForm)
        state, instrument = asked.get("state", ""), asked.get("instrument")
        rows = law_queries.texts(state=state, instrument=instrument)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "query": _query(state=state, instrument=instrument),
            "counts": law_queries.count_texts(),
            "page": Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page")),
            "may_enter": permissions.allowed(
                permissions.check_right, self.person, Codename.KEEP_LAW, at=self.at
            ),
        }


def _query(*, state: str, instrument: Instrument | None) -> str:
    said = {"state": state, "instrument": instrument.pk if instrument else ""}
    return urlencode({name: value for name, value in said.items() if value})


class ActPage(SignedIn, ActFormView):
    """One act of the law's keepers. A refused act answers with its sentence and the form as it was typed."""

    template_name = "workflows/law/form.html"
    title: ClassVar[str | Promise]
    lead: ClassVar[str | Promise]
    submit: ClassVar[str | Promise]
    done_message: ClassVar[str | Promise]
    broken: Provision | None = None

    def check(self) -> None:
        """Raise why this person cannot do it."""
        raise NotImplementedError

    def perform(self, data: Mapping[str, Any]) -> None:
        """Do the one act, with what the form cleaned."""
        raise NotImplementedError

    def back(self) -> tuple[str, str]:
        """The address and the words of the way back, which is also where a done act leads."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        is_valid = form.is_valid()
        try:
            self.check()
            if is_valid:
                self.perform(form.cleaned_data)
        except DomainError as error:
            return self.refused(form, error)
        return self.form_valid(form) if is_valid else self.form_invalid(form)

    def form_valid(self, form: Form) -> HttpResponse:
        messages.success(self.request, str(self.done_message))
        return HttpResponseRedirect(self.back()[0])

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def refused(self, form: Form, error: DomainError) -> HttpResponse:
        fields = error.fields if isinstance(error, Invalid) else {}
        for field, sentence in fields.items():
            if field in form.fields:
                form.add_error(field, str(sentence))
        form.add_error(None, str(error))
        self.broken = error.provision if isinstance(error, LooserThanLaw) else None
        return self.render_to_response(self.get_context_data(form=form), status=error.status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back_url, back_label = self.back()
        return super().get_context_data(**kwargs) | {
            "title": self.title,
            "lead": self.lead,
            "submit": self.submit,
            "back_url": back_url,
            "back_label": back_label,
            "why_not": reason_why_not(self.check),
            "broken": self.broken,
        }


class EnterText(ActPage):
    template_name = "workflows/law/enter_text.html"
    form_class = forms.TextForm
    title = gettext_lazy("Enter the verbatim text")
    lead = gettext_lazy(
        "The text as the official gazette has it. Until another legal officer checks it, it counts as unchecked; "
        "what stood here before is replaced, and the trail keeps that it was."
    )
    submit = gettext_lazy("Enter the text")
    done_message = gettext_lazy("The text is entered. Another legal officer now checks it.")

    @cached_property
    def provision(self) -> Provision:
        return find_provision(self.kwargs["pk"])

    def check(self) -> None:
        permissions.check_right(self.person, Codename.KEEP_LAW, at=self.at)

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "text": self.provision.verbatim}

    def perform(self, data: Mapping[str, Any]) -> None:
        actions.enter_verbatim(provision=self.provision, text=data["text"], by=self.person, at=self.at)

    def back(self) -> tuple[str, str]:
        return reverse("provision", args=[self.provision.pk]), _("Back to the provision")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"provision": self.provision}


@dataclass(frozen=True, kw_only=True)
class OfferedLaw:
    """One of the laws between which to choose, and what it says of the duty this inquiry gives."""

    rule_set: RuleSet
    is_proposed: bool
    said: str
    start: str = ""
    provision: Provision | None = None


class ChooseLaw(BesidePage):
    template_name = "workflows/law/choose_law.html"
    form_class = forms.ChooseLawForm
    codename = Codename.CHOOSE_LAW
    title = gettext_lazy("Choose the governing law")
    lead = gettext_lazy(
        "The law changed between receipt and now, and no transitional rule says which one governs. The law in "
        "force at the time of the act is proposed; a person chooses and gives the reason. The choice is kept and "
        "never computed anew."
    )
    submit = gettext_lazy("Record the choice")
    done_message = gettext_lazy(
        "The choice is recorded with its reason. Later decisions on this inquiry rest on it."
    )

    @cached_property
    def straddled(self) -> list[RuleSet]:
        return law.straddled(self.inquiry, at=self.at)

    def check_situation(self) -> None:
        if len(self.straddled) < 2:
            raise NotAllowedNow(
                _("One law governs this inquiry from its receipt to now; there is nothing to choose.")
            )

    def perform(self, form: Any) -> None:
        data = form.cleaned_data
        with locks.beside(self.inquiry, by=self.person) as act:
            actions.choose_rule_set(
                inquiry=act.inquiry, rule_set=data["rule_set"], reason=data["reason"], by=act.by, at=act.at
            )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        choices = RuleSetChoice.objects.filter(inquiry=self.inquiry).order_by("chosen_at", "pk")
        duty = RuleKey.objects.filter(code=DUTIES[InquiryKind(self.inquiry.kind)]).first()
        return super().get_context_data(**kwargs) | {
            "duty": law_queries.named(duty) if duty else "",
            "laws": [self._offered(rule_set, duty) for rule_set in self.straddled if duty],
            "is_straddling": len(self.straddled) > 1,
            "choices": list(choices.select_related("chosen", "proposed", "chosen_by")),
        }

    def _offered(self, rule_set: RuleSet, duty: RuleKey) -> OfferedLaw:
        now, received = local_day(self.at), local_day(self.inquiry.received_at)
        agency: Agency = self.inquiry.agency
        is_proposed = rule_set.covers(now)
        try:
            value = law.rule_value(duty, agency=agency, on=received if rule_set.covers(received) else now)
        except UnknownDuty as error:
            return OfferedLaw(rule_set=rule_set, is_proposed=is_proposed, said=str(error))
        return OfferedLaw(
            rule_set=rule_set,
            is_proposed=is_proposed,
            said=said_of(value),
            start=str(StartingEvent(value.start).label) if value.start else "",
            provision=value.provision,
        )
