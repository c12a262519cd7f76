"""Closed lists. The values are stored and therefore frozen; only the labels may change."""

from .casework import (
    FORMS_OF_RELEASE as FORMS_OF_RELEASE,
)
from .casework import (
    Channel as Channel,
)
from .casework import (
    Competence as Competence,
)
from .casework import (
    CredentialKind as CredentialKind,
)
from .casework import (
    InquiryKind as InquiryKind,
)
from .casework import (
    InquiryOutcome as InquiryOutcome,
)
from .casework import (
    MailStatus as MailStatus,
)
from .casework import (
    PressKind as PressKind,
)
from .casework import (
    PurgeRemains as PurgeRemains,
)
from .casework import (
    QuestionOutcome as QuestionOutcome,
)
from .casework import (
    ReplyForm as ReplyForm,
)
from .casework import (
    Secrecy as Secrecy,
)
from .casework import (
    StatementForm as StatementForm,
)
from .casework import (
    Urgency as Urgency,
)
from .casework import (
    settled_form as settled_form,
)
from .crises import (
    AckMeans as AckMeans,
)
from .crises import (
    CrisisLevel as CrisisLevel,
)
from .crises import (
    CrisisPart as CrisisPart,
)
from .crises import (
    CrisisSource as CrisisSource,
)
from .crises import (
    CrisisState as CrisisState,
)
from .crises import (
    DispatchMeans as DispatchMeans,
)
from .crises import (
    DutyKind as DutyKind,
)
from .crises import (
    LateAct as LateAct,
)
from .crises import (
    PaperKind as PaperKind,
)
from .crises import (
    RecipientPart as RecipientPart,
)
from .crises import (
    ReportKind as ReportKind,
)
from .crises import (
    RungKind as RungKind,
)
from .crises import (
    StepDeed as StepDeed,
)
from .crises import (
    StepDocument as StepDocument,
)
from .crises import (
    StepOrigin as StepOrigin,
)
from .crises import (
    StepStart as StepStart,
)
from .crises import (
    VoiceMeans as VoiceMeans,
)
from .law import (
    ChangeKind as ChangeKind,
)
from .law import (
    DayKind as DayKind,
)
from .law import (
    DeadlineOutcome as DeadlineOutcome,
)
from .law import (
    DeadlineSource as DeadlineSource,
)
from .law import (
    GroundKind as GroundKind,
)
from .law import (
    InstrumentKind as InstrumentKind,
)
from .law import (
    LimitUnit as LimitUnit,
)
from .law import (
    Mark as Mark,
)
from .law import (
    ReminderStage as ReminderStage,
)
from .law import (
    RuleBound as RuleBound,
)
from .law import (
    Secret as Secret,
)
from .law import (
    StartingEvent as StartingEvent,
)
from .mandates import (
    Capacity as Capacity,
)
from .mandates import (
    Circumstance as Circumstance,
)
from .mandates import (
    LateResult as LateResult,
)
from .mandates import (
    MandateEndCause as MandateEndCause,
)
from .mandates import (
    MandateKind as MandateKind,
)
from .organisation import (
    HEADSHIP as HEADSHIP,
)
from .organisation import (
    AgencyKind as AgencyKind,
)
from .organisation import (
    Codename as Codename,
)
from .organisation import (
    Numbering as Numbering,
)
from .organisation import (
    PostKind as PostKind,
)
from .organisation import (
    Role as Role,
)
