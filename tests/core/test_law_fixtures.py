"""Table 0 of the law, in both regimes, as the shipped files state it; and what the files may not state."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model

from core.actions import demo, law_reference, reference
from core.actions.reference import Change as Kind
from core.enums import AgencyKind, Mark
from core.models import Agency, Instrument, LocalRule, Provision, RuleKey, RuleScope, RuleSet, RuleValue
from core.queries import law
from core.rules.law import UnknownDuty
from tests.law import FIXTURES

pytestmark = pytest.mark.django_db

BEFORE, AFTER = date(2026, 6, 30), date(2026, 7, 1)
MINISTRY, PROVINCE, DEPARTMENT, BRANCH, COMMUNE, PARTY = AgencyKind
EVERY = (MINISTRY, PROVINCE, DEPARTMENT, BRANCH, COMMUNE)
UPPER, LOWER, NOT_UPPER = (MINISTRY, PROVINCE), (DEPARTMENT, BRANCH), (DEPARTMENT, BRANCH, COMMUNE)
Said = tuple[Any, str, str, str] | None

L16, D09 = "103/2016/QH13", "09/2017/NĐ-CP"
L25, D244, D237, D30 = "126/2025/QH15", "244/2026/NĐ-CP", "237/2026/NĐ-CP", "30/2020/NĐ-CP"
FORMS = ["press_conference", "portal", "direct", "press_release_or_reply", "briefing"]
NOTICE = ["place", "time", "content", "chair"]
WRITTEN = ["written", "one_case", "limited_term"]
THREE = ["head", "standing", "delegated"]
LATE = ["delegated_speech", "late_speech", "evasion", "inconsistent_information"]
CONFERENCE = "planned_event"


def none(start: str, provision: str) -> Said:
    return (None, "none", start, provision)


def listed(value: list[str], provision: str) -> Said:
    return (value, "list", "", provision)


# key, kind of press, kinds of agency; value, unit, starting event and provision of each regime; None: not known.
TABLE: list[tuple[str, str, tuple[AgencyKind, ...], Said, Said]] = [
    ("refusal_grounds", "", EVERY, listed(["38.2.a", "38.2.b", "38.2.c", "38.2.d"], f"{L16}:38.2"),
     listed(["31.2.a", "31.2.b", "31.2.c"], f"{L25}:31.2")),
    ("refusal_reason", "", EVERY, None, none("", f"{D244}:4.3")),
    ("duty_to_inform", "", EVERY, none("", f"{L16}:38.1"), none("", f"{L25}:31.1")),
    ("speaker_types", "", UPPER, listed(THREE, f"{D09}:3.1"), listed(THREE, f"{D244}:3.2")),
    ("speaker_types", "", LOWER, listed(["head", "delegated"], f"{D09}:3.2"), listed(THREE, f"{D244}:3.2")),
    ("speaker_types", "", (COMMUNE,), listed(["head", "delegated"], f"{D09}:3.3"), listed(THREE, f"{D244}:3.2")),
    ("delegation_to", "", LOWER, listed(["deputy_in_charge", "deputy_running"], f"{D09}:3.2.b"),
     listed(["*"], f"{D244}:3.2.c")),
    ("delegation_to", "", (COMMUNE,), listed(["deputy_head"], f"{D09}:3.3"), listed(["*"], f"{D244}:3.2.c")),
    ("spokesperson_publication", "", EVERY, none("assignment_decision", f"{D09}:3.4"),
     (24, "hours", "assignment_decision", f"{D244}:3.3")),
    ("spokesperson_list", "", UPPER, None, none("", f"{D244}:3.3")),
    ("spokesperson_list", "", NOT_UPPER, None, None),
    ("delegation_form", "", EVERY, listed(WRITTEN, f"{D09}:3.6"), listed(WRITTEN, f"{D244}:3.5")),
    ("delegation_publication", "", EVERY, (12, "hours", "signing", f"{D09}:3.6"), None),
    ("delegation_onward", "", EVERY, listed(["forbidden"], f"{D09}:3.7"), listed(["forbidden"], f"{D244}:3.6")),
    ("personal_remark", "", EVERY, none("", f"{D09}:3.8"), none("", f"{D244}:3.7")),
    ("initial_statement_event", "", EVERY, (24, "hours", "occurrence", f"{D09}:6.3.a"),
     (24, "hours", "receipt_and_handling", f"{D244}:7.3")),
    ("initial_statement_opinion", "", EVERY, None, (24, "hours", "determination", f"{D244}:7.4")),
    ("speaks_national_incident", "", EVERY, none("", f"{D09}:6.1"), none("", f"{D244}:7.1")),
    ("speaks_joint_incident", "", EVERY, none("", f"{D09}:6.2"), none("", f"{D244}:7.2")),
    ("press_request", "", EVERY, none("receipt", f"{D09}:6.3.b"), none("receipt", f"{D244}:7.5")),
    ("reply_on_press", "", EVERY, (30, "days", "receipt", f"{L16}:39.1"), (30, "days", "receipt", f"{D237}:18.1")),
    ("forwarded_opinion", "", EVERY, (30, "days", "receipt", f"{L16}:39.2"),
     (15, "working_days", "receipt", f"{D237}:18.3")),
    ("complaint_acceptance", "", EVERY, (30, "days", "receipt", f"{L16}:39.2"),
     (7, "working_days", "receipt", f"{D237}:18.2")),
    ("denunciation_acceptance", "", EVERY, (30, "days", "receipt", f"{L16}:39.2"),
     (7, "working_days", "receipt", f"{D237}:18.2")),
    ("complaint_conclusion", "", EVERY, None, (5, "working_days", "conclusion", f"{D237}:18.2")),
    ("press_answer_to_agency", "", EVERY, (15, "days", "receipt", f"{L16}:39.4"),
     (15, "working_days", "receipt", f"{D237}:18.6")),
    *[("press_publishes_answer", kind, EVERY, (10, "days", "receipt", f"{L16}:39.3"),
       (10, "working_days", "receipt", f"{D237}:18.5")) for kind in ("daily", "online", "radio_tv")],
    ("press_publishes_answer", "weekly", EVERY, (15, "days", "receipt", f"{L16}:39.3"),
     (15, "working_days", "receipt", f"{D237}:18.5")),
    ("press_publishes_answer", "magazine", EVERY, (None, "next_issue", "receipt", f"{L16}:39.3"),
     (None, "next_issue", "receipt", f"{D237}:18.5")),
    ("press_conference_notice", "", NOT_UPPER, (24, "hours", CONFERENCE, f"{L16}:41.3"),
     (24, "hours", CONFERENCE, f"{D237}:22.3")),
    ("press_conference_notice", "", UPPER, None, None),
    ("press_conference_notice_content", "", NOT_UPPER, listed(NOTICE, f"{L16}:41.4"),
     listed([*NOTICE, "legality_documents", "invited_press_list"], f"{D237}:22.4")),
    ("press_conference_objection", "", EVERY, none(CONFERENCE, f"{L16}:41.5"),
     (12, "hours", CONFERENCE, f"{D237}:22.5")),
    ("feedback_rounds", "", EVERY, (3, "times", "", f"{L16}:43.2"), (2, "times", "", f"{D237}:21.1")),
    ("periodic_information", "", LOWER, none("", f"{D09}:5.3"), none("", f"{D244}:6.3")),
    ("periodic_information", "", UPPER, (1, "months", "reporting_period", f"{D09}:5.2"),
     (1, "months", "reporting_period", f"{D244}:6.2")),
    ("periodic_press_conference", "", UPPER, (3, "months", "reporting_period", f"{D09}:5.2"),
     (3, "months", "reporting_period", f"{D244}:6.2")),
    ("periodic_press_conference", "", NOT_UPPER, None, None),
    ("attend_superior_conference", "", LOWER, none("", f"{D09}:5.3"), none("", f"{D244}:6.3")),
    ("statement_forms", "", EVERY, listed([*FORMS, "correction_demand"], f"{D09}:4"), listed(FORMS, f"{D244}:5")),
    ("internal_regulation", "", EVERY, None, (45, "days", "entry_into_force", f"{D244}:12")),
    ("annual_report", "", UPPER, None, ("12-20", "before_date", "reporting_period", f"{D244}:10.1")),
    ("annual_report", "", NOT_UPPER, None, None),
    ("head_liability", "", EVERY, listed(["delegated_speech"], f"{D09}:7.2"), listed(LATE, f"{D244}:8")),
    ("number_after_signing", "", EVERY, (1, "working_days", "signing", f"{D30}:15.2"),
     (1, "working_days", "signing", f"{D30}:15.2")),
]  # fmt: skip


def answer(key: str, press_kind: str, kind: AgencyKind, on: date) -> Said:
    try:
        found = law.rule_value(law.rule_key(key), agency=Agency(kind=kind), on=on, press_kind=press_kind)
    except UnknownDuty:
        return None
    return (found.value, found.unit, found.start, found.provision.code)


@pytest.mark.parametrize(
    ("key", "press_kind", "kinds", "before", "after"),
    TABLE,
    ids=["-".join(filter(None, (row[0], row[1], row[2][-1]))) for row in TABLE],
)
def test_each_row_of_the_table_is_stated_for_each_kind_of_agency_in_both_regimes(
    key: str, press_kind: str, kinds: tuple[AgencyKind, ...], before: Said, after: Said
) -> None:
    answers = {kind: [answer(key, press_kind, kind, on) for on in (BEFORE, AFTER)] for kind in kinds}

    assert answers == {kind: [before, after] for kind in kinds}


def test_the_press_law_sets_no_duty_for_a_body_of_the_party() -> None:
    assert not RuleScope.objects.filter(agency_kind=PARTY).exists()


@pytest.mark.parametrize("provision", [f"{D09}:6.1", f"{D09}:6.2", f"{D244}:7.1", f"{D244}:7.2"])
def test_who_speaks_on_an_incident_is_stated_by_one_rule(provision: str) -> None:
    keys = RuleValue.objects.filter(provision__code=provision).values_list("scope__key__code", flat=True)

    assert set(keys) == {f"speaks_{'national' if provision.endswith('.1') else 'joint'}_incident"}


def test_the_length_of_acceptance_comes_from_the_law_on_complaints_and_on_denunciations() -> None:
    rows = RuleValue.objects.filter(limit_from__isnull=False).values_list(
        "scope__key__code", "limit_from__code"
    )

    assert set(rows) == {
        ("complaint_acceptance", "155/2026/NĐ-CP"),
        ("denunciation_acceptance", "25/2018/QH14"),
    }


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (date(2017, 1, 1), ["38.2.a", "38.2.b", "38.2.c", "38.2.d"]),
        (BEFORE, ["38.2.a", "38.2.b", "38.2.c", "38.2.d"]),
        (AFTER, ["31.2.a", "31.2.b", "31.2.c"]),
    ],
)
def test_the_grounds_of_a_day_are_those_of_its_law_and_equal_the_rule(on: date, codes: list[str]) -> None:
    assert [ground.place for ground in law.grounds(on)] == codes
    assert (answer("refusal_grounds", "", DEPARTMENT, on) or [None])[0] == codes


# Instruments and provisions


@pytest.mark.parametrize(
    ("old", "new"),
    [("38", "31"), ("39", "32"), ("40", "33"), ("41", "37"), ("42", "34"), ("43", "36"), ("25", "27"), ("9", "8")],
)  # fmt: skip
def test_each_article_of_the_former_press_law_knows_its_successor(old: str, new: str) -> None:
    provision = Provision.objects.get(code=f"{L16}:{old}")

    assert provision.successor is not None
    assert provision.successor.code == f"{L25}:{new}"
    assert (provision.valid_until, provision.successor.valid_from) == (AFTER, AFTER)


def test_what_has_no_counterpart_has_no_successor() -> None:
    assert Provision.objects.get(code=f"{L16}:38.2.d").successor is None
    assert not Provision.objects.filter(code=f"{L25}:31.2.d").exists()
    assert not Provision.objects.filter(successor__code=f"{L25}:35").exists()


@pytest.mark.parametrize(
    ("old", "new", "on"),
    [(L16, L25, AFTER), (D09, D244, AFTER), ("29/2018/QH14", "117/2025/QH15", date(2026, 3, 1))],
)
def test_an_instrument_ends_on_the_day_the_one_that_replaces_it_begins(old: str, new: str, on: date) -> None:
    ended = Instrument.objects.get(number=old)

    assert ended.replaced_by is not None
    assert (ended.replaced_by.number, ended.valid_until, ended.replaced_by.valid_from) == (new, on, on)


def test_the_amendments_belong_to_the_rule_set_they_amended() -> None:
    old, new = RuleSet.objects.order_by("valid_from")

    assert set(old.instruments.values_list("number", flat=True)) == {L16, D09, "35/2018/QH14", "93/2025/QH15"}
    assert set(new.instruments.values_list("number", flat=True)) == {L25, D244, D237}
    assert (old.valid_until, new.valid_from, new.valid_until) == (AFTER, AFTER, None)


def test_every_provision_is_stated_in_own_words_marked_and_without_verbatim_text() -> None:
    rows = list(Provision.objects.values_list("statement", "subject", "mark", "verbatim"))

    assert all(statement.strip() and subject.strip() for statement, subject, _mark, _verbatim in rows)
    assert {mark for *_rest, mark, _verbatim in rows} <= set(Mark.values)
    assert {verbatim for *_rest, verbatim in rows} == {""}


def test_no_provision_is_in_force_outside_the_time_of_its_instrument() -> None:
    for provision in Provision.objects.select_related("instrument"):
        whole = provision.instrument
        assert (provision.valid_from, provision.valid_until) == (whole.valid_from, whole.valid_until)


# Loading


Change = Callable[[list[dict[str, Any]]], None]
LAW_FILES = ("instruments", "provisions", "rule_sets", "rule_keys", "rule_values")


def lawbook(folder: Path, name: str, change: Change) -> Path:
    """The shipped files, of which one was changed: of the law only the rows that differ, after an innocent one."""
    reference_folder = folder / "reference"
    shutil.copytree(FIXTURES, reference_folder)
    for path in reference_folder.glob("*.json"):
        if path.name not in {"calendar.json", "document_kinds.json"}:
            path.write_text("[]", encoding="utf-8")
    for each in LAW_FILES:
        path = reference_folder / "law" / f"{each}.json"
        shipped = json.loads(path.read_text(encoding="utf-8"))[1:]
        rows = copy.deepcopy(shipped)
        if each == name:
            change(rows)
        differing = [row for row in rows if row not in shipped]
        if each == "instruments":
            differing.insert(0, {**shipped[0], "number": "INNOCENT", "replaced_by": None})
        path.write_text(json.dumps(differing), encoding="utf-8")
    return reference_folder


def row_of(rows: list[dict[str, Any]], **wanted: str) -> dict[str, Any]:
    return next(row for row in rows if wanted.items() <= row.items())


OPINION = {"key": "forwarded_opinion", "valid_from": "2026-07-01"}
SPOILS: list[tuple[str, Change, str]] = [
    ("rule_values", lambda rows: row_of(rows, **OPINION).update(value=20), "already law; supersede it"),
    ("rule_values", lambda rows: row_of(rows, **OPINION).update(unit="days"), "already law; supersede it"),
    ("rule_values", lambda rows: row_of(rows, **OPINION).update(key="invented"), "invented cannot be used"),
    ("rule_values", lambda rows: row_of(rows, **OPINION).update(provision=None), "a rule rests on a provision"),
    ("rule_values", lambda rows: row_of(rows, **OPINION).update(provision="x:1"), "a rule rests on a provision"),
    ("rule_values", lambda rows: row_of(rows, **OPINION).update(valid_until="2026-07-01"),
     "its end lies before its beginning"),
    ("rule_values", lambda rows: row_of(rows, **OPINION).update(valid_until="2026-06-01"),
     "its end lies before its beginning"),
    ("rule_values", lambda rows: rows.append({**row_of(rows, **OPINION), "valid_from": "2026-09-01"}),
     "its period overlaps another value"),
    ("rule_values", lambda rows: rows.append(
        {**row_of(rows, **OPINION), "valid_from": "2016-01-01", "valid_until": "2017-01-02"}),
     "its period overlaps another value"),
    ("rule_values", lambda rows: row_of(rows, **OPINION, unit="working_days").update(
        value="15", valid_from="2026-10-01"), "has a whole number"),
    ("rule_values", lambda rows: row_of(rows, key="reply_on_press", valid_from="2017-01-01").update(
        valid_until="2026-06-01"), "its end is already set"),
    ("provisions", lambda rows: row_of(rows, code=f"{L16}:38").update(valid_until="2016-01-01"),
     "its end lies before its beginning"),
    ("provisions", lambda rows: row_of(rows, code=f"{L16}:38").update(successor="x:1"), "its successor is not"),
    ("provisions", lambda rows: row_of(rows, code=f"{L16}:38").update(instrument="x"), "no such instrument"),
    ("instruments", lambda rows: row_of(rows, number=L16).update(in_force_until="2016-01-01"),
     "its end lies before its beginning"),
    ("rule_sets", lambda rows: row_of(rows, code="luat-bao-chi-2016").update(valid_until="2016-01-01"),
     "its end lies before its beginning"),
    ("rule_sets", lambda rows: row_of(rows, code="luat-bao-chi-2016").update(valid_until="2026-08-01"),
     "luat-bao-chi-20"),
]  # fmt: skip


def facts(model: type[Model]) -> list[dict[str, Any]]:
    return list(model._default_manager.order_by("pk").values())


def state() -> list[list[dict[str, Any]]]:
    return [facts(model) for model in (Instrument, Provision, RuleSet, RuleKey, RuleScope, RuleValue, Agency)]


@pytest.mark.parametrize(
    ("name", "change", "sentence"), SPOILS, ids=[f"{at}-{each[2]}" for at, each in enumerate(SPOILS)]
)
def test_a_file_that_cannot_be_law_is_refused_with_a_sentence_and_nothing_is_loaded(
    tmp_path: Path, name: str, change: Change, sentence: str
) -> None:
    folder, before = lawbook(tmp_path, name, change), state()

    with pytest.raises(CommandError) as refused:
        call_command("load_reference", folder=folder, stdout=StringIO())

    assert sentence in str(refused.value)
    assert "Nothing was loaded." in str(refused.value)
    assert state() == before


def test_loading_the_same_files_again_changes_nothing() -> None:
    before = state()

    again = law_reference.load(FIXTURES / "law")

    assert {change for tally in again for change in tally.changes} == {Kind.UNCHANGED}
    assert state() == before


def test_an_open_value_may_be_ended_and_superseded_by_a_new_row(tmp_path: Path) -> None:
    def supersede(rows: list[dict[str, Any]]) -> None:
        old = row_of(rows, **OPINION)
        rows.append({**old, "value": 10, "valid_from": "2026-12-01"})
        old["valid_until"] = "2026-12-01"

    law_reference.load(lawbook(tmp_path, "rule_values", supersede) / "law")

    days = (date(2026, 11, 30), date(2026, 12, 1))
    found = [answer("forwarded_opinion", "", DEPARTMENT, on) for on in days]
    assert [each[0] if each else None for each in found] == [15, 10]


def test_the_mended_wording_of_a_provision_is_taken_over_and_its_verbatim_text_kept(tmp_path: Path) -> None:
    Provision.objects.filter(code=f"{L16}:38").update(verbatim="Nguyên văn")
    folder = lawbook(
        tmp_path,
        "provisions",
        lambda rows: row_of(rows, code=f"{L16}:38").update(statement="Diễn giải mới."),
    )

    law_reference.load(folder / "law")

    provision = Provision.objects.get(code=f"{L16}:38")
    assert (provision.statement, provision.verbatim) == ("Diễn giải mới.", "Nguyên văn")


def test_hours_of_reminders_set_by_the_deployment_survive_the_next_load(tmp_path: Path) -> None:
    RuleKey.objects.filter(code="forwarded_opinion").update(remind_before_hours=7)
    folder = lawbook(
        tmp_path, "rule_keys", lambda rows: row_of(rows, code="forwarded_opinion").update(title="Tên mới")
    )

    law_reference.load(folder / "law")

    key = RuleKey.objects.get(code="forwarded_opinion")
    assert (key.title, key.remind_before_hours) == ("Tên mới", 7)


# The agencies of the demonstration


def test_one_department_ships_with_its_own_stricter_rules_and_the_other_with_none() -> None:
    reference.load(FIXTURES)
    demo.load(FIXTURES.parent / "demo", password="x" * 12, at=datetime(2026, 11, 20, tzinfo=UTC))

    rules = LocalRule.objects.order_by("key__code").values_list("agency__code", "key__code", "value")
    assert list(rules) == [
        ("SNV-MAU", "delegation_to", ["deputy_head"]),
        ("SNV-MAU", "delegation_when", ["unexpectedly_busy"]),
    ]
    assert Agency.objects.filter(code="SNV-THU").exists()
