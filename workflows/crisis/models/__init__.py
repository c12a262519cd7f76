"""What the crisis procedure keeps."""

from .agreement import JointMatter, JointText, JointVoice
from .playbooks import Playbook, PlaybookSign, PlaybookStep, PlaybookVersion, ReportLine
from .reports import Acknowledgement, Direction, Dispatch, DispatchReply, Report, ReportPaper, Rung
from .running import Assessment, CrisisProcess, CrisisSetting, CrisisStep, LevelChange, Review, StandDown
from .statements import CrisisStatement, StatementText

__all__ = [
    "Acknowledgement",
    "Assessment",
    "CrisisProcess",
    "CrisisSetting",
    "CrisisStatement",
    "CrisisStep",
    "Direction",
    "Dispatch",
    "DispatchReply",
    "JointMatter",
    "JointText",
    "JointVoice",
    "LevelChange",
    "Playbook",
    "PlaybookSign",
    "PlaybookStep",
    "PlaybookVersion",
    "Report",
    "ReportLine",
    "ReportPaper",
    "Review",
    "Rung",
    "StandDown",
    "StatementText",
]
