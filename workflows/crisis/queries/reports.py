"""To whom a crisis is reported on a day, how each can be reached, and how far each report got."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from core.enums import Codename, DispatchMeans, MailStatus, PaperKind, RecipientPart, ReportKind
from core.errors import DomainError
from core.models import Agency, AgencyContact, Crisis, OutgoingMail, Person
from core.queries import directory, organisation
from core.rules.deadlines import local_day
from core.rules.directory import ABOVE, NoRecipient, paper_for
from core.rules.organisation import EndedAgency
from workflows.crisis.models import CrisisSetting, CrisisStep, Dispatch, Report, Rung

from . import assessed

PURPOSE = ":report"


def setting_of(agency: Agency) -> CrisisSetting:
    """The agency's own numbers, or the examples where it has set none."""
    return CrisisSetting.objects.filter(agency=agency).first() or CrisisSetting(agency=agency)


def latest_report(crisis: Crisis) -> Report | None:
    """The last one that somebody wrote; what a change of the level repeats of it is none."""
    return crisis.reports.exclude(kind=ReportKind.LEVEL).order_by("number").last()


# To whom


@dataclass(frozen=True, kw_only=True)
class Target:
    """One line of the playbook as it resolves on the day; `why_not` is the reason where it does not."""

    part: RecipientPart
    minutes: int
    agency: Agency | None = None
    paper: PaperKind | None = None
    means: DispatchMeans | None = None
    contact: AgencyContact | None = None
    why_not: DomainError | None = None


def targets(crisis: Crisis, *, at: datetime) -> list[Target]:
    """Whom a report of this crisis reaches at its level, in the order of the playbook, each body once.

    What the directory does not know, or knows as ended, is among them with its reason. Nobody reports to himself.
    """
    version = assessed.playbook_of(crisis)
    if version is None or crisis.level is None:
        return []
    lines = version.report_lines.filter(min_level__lte=crisis.level).order_by("number", "pk")
    found: list[Target] = []
    places: dict[int, int] = {}
    for line in lines:
        target = _resolved(RecipientPart(line.part), line.minutes, crisis.agency, at=at)
        key = target.agency.pk if target.agency else None
        if key is None:
            found.append(target)
        elif key in places:
            earlier = found[places[key]]
            found[places[key]] = replace(earlier, minutes=min(earlier.minutes, target.minutes))
        elif key != crisis.agency_id:
            places[key] = len(found)
            found.append(target)
    return found


def _resolved(part: RecipientPart, minutes: int, sender: Agency, *, at: datetime) -> Target:
    try:
        recipient = directory.recipient_of(part, agency=sender, on=local_day(at))
    except (NoRecipient, EndedAgency) as error:
        return Target(part=part, minutes=minutes, why_not=error)
    return target_at(recipient, part=part, minutes=minutes, sender=sender, at=at)


def target_at(
    recipient: Agency, *, part: RecipientPart, minutes: int, sender: Agency, at: datetime
) -> Target:
    """How a body is reached at the instant, and which paper it gets."""
    return Target(
        part=part,
        minutes=minutes,
        agency=recipient,
        paper=paper_for(sender, recipient),
        means=means_to(recipient, at=at),
        contact=first_to_write_to(recipient),
    )


def means_to(recipient: Agency, *, at: datetime) -> DispatchMeans:
    """A task where somebody there may acknowledge, else a mail to the first contact that has one, else the phone."""
    if acknowledgers(recipient, at=at).exists():
        return DispatchMeans.TASK
    return DispatchMeans.MAIL if first_to_write_to(recipient) else DispatchMeans.PHONE


def acknowledgers(recipient: Agency, *, at: datetime) -> QuerySet[Person]:
    return organisation.people_with(Codename.ACKNOWLEDGE_REPORT, agency=recipient, at=at).order_by("pk")


def to_write_to(recipient: Agency, *, but: Iterable[int] = ()) -> QuerySet[AgencyContact]:
    """The active contacts with an e-mail, in their order."""
    return directory.contacts_of(recipient).exclude(email="").exclude(pk__in=list(but))


def first_to_write_to(recipient: Agency, *, but: Iterable[int] = ()) -> AgencyContact | None:
    return to_write_to(recipient, but=but).first()


def above(dispatch: Dispatch, *, at: datetime) -> QuerySet[Agency]:
    """Whom our head may go to over a recipient's head: what stands above it, the bodies above a department."""
    reached = dispatch.report.dispatches.values("recipient_id")
    rows = Agency.objects.at(local_day(at)).filter(Q(kind__in=ABOVE) | Q(pk=dispatch.recipient.parent_id))
    return rows.exclude(pk__in=reached).exclude(pk=dispatch.agency.pk).order_by("name")


def has_ended(dispatch: Dispatch, *, at: datetime) -> bool:
    """Whether the recipient was dissolved after the report went to it."""
    return not dispatch.recipient.covers(local_day(at))


def stand_in_for(dispatch: Dispatch, *, at: datetime) -> list[Agency]:
    """What took the place of a dissolved recipient: its heirs, else whoever plays its part on the day.

    Whom our head went to over another's head was his own choice, and no part of the directory stands in for it.
    """
    on = local_day(at)
    heirs = {heir.agency.pk: heir.agency for heir in organisation.heirs(dispatch.recipient, on)}
    if heirs or dispatch.over_head_of_id is not None:
        return list(heirs.values())
    try:
        return [directory.recipient_of(RecipientPart(dispatch.part), agency=dispatch.agency, on=on)]
    except (NoRecipient, EndedAgency):
        return []


# How far it got


def open_dispatches(crisis: Crisis) -> QuerySet[Dispatch]:
    """The dispatches nobody acknowledged and the head has not given up."""
    return Dispatch.objects.filter(
        report__crisis=crisis, acknowledged_at__isnull=True, given_up_at__isnull=True
    ).select_related("report__crisis__agency", "report__crisis__case__agency", "recipient", "contact")


def due_rungs(crisis: Crisis, *, at: datetime) -> list[Rung]:
    """The rungs due by the instant and not climbed, of dispatches that are still open."""
    rows = Rung.objects.filter(dispatch__in=open_dispatches(crisis), climbed_at__isnull=True, due_at__lte=at)
    return list(rows)


def mails_of(dispatch: Dispatch) -> QuerySet[OutgoingMail]:
    """The mails that carried this report to its recipient."""
    return OutgoingMail.objects.filter(key__startswith=f"crisis-{dispatch.pk}-", key__endswith=PURPOSE)


def accepted_mail(dispatch: Dispatch, *, at: datetime) -> OutgoingMail | None:
    """The first of its mails that a mail server accepted by the instant, and did not send back."""
    accepted = Q(status=MailStatus.SENT, sent_at__lte=at, bounced_at__isnull=True)
    return mails_of(dispatch).filter(accepted).order_by("sent_at", "pk").first()


def has_failed(dispatch: Dispatch) -> bool:
    """Whether the report was last written to its recipient in mails that failed for good, every one of them."""
    rung = dispatch.rungs.filter(climbed_at__isnull=False).order_by("number").last()
    number = rung.number if rung else 0
    statuses = {
        status for key, status in mails_of(dispatch).values_list("key", "status") if _rung(key) == number
    }
    return statuses == {MailStatus.FAILED}


def _rung(key: str) -> int:
    """Which rung put a mail to a recipient in line; 0 is the first sending."""
    return int(key.partition(":")[0].split("-")[2])


def returned_contacts(dispatch: Dispatch) -> set[int]:
    """The contacts whose mail about this dispatch came back, or failed for good."""
    lost = Q(bounced_at__isnull=False) | Q(status=MailStatus.FAILED)
    numbers = {_rung(key) for key in mails_of(dispatch).filter(lost).values_list("key", flat=True)}
    found = set(
        dispatch.rungs.filter(number__in=numbers, contact__isnull=False).values_list("contact_id", flat=True)
    )
    if 0 in numbers and dispatch.contact_id is not None:
        found.add(dispatch.contact_id)
    return {pk for pk in found if pk is not None}


def open_phone_steps(dispatch: Dispatch) -> QuerySet[CrisisStep]:
    return CrisisStep.objects.filter(rung__dispatch=dispatch, settled_at__isnull=True)


def advanced_by(at: datetime) -> list[int]:
    """The crises in which something may come due: activated, and not closed until every report is settled."""
    rows = Crisis.objects.filter(closed_at__isnull=True, activated_at__isnull=False, activated_at__lte=at)
    return list(rows.order_by("pk").values_list("pk", flat=True))
