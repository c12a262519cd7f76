"""The vocabulary of the decision trail. Codes are stored and therefore frozen; only the sentences may change."""

from .casework import *  # noqa: F403
from .crises import *  # noqa: F403
from .crisis_reports import *  # noqa: F403
from .crisis_statements import *  # noqa: F403
from .directory import *  # noqa: F403
from .joint_matters import *  # noqa: F403
from .law import *  # noqa: F403
from .mandates import *  # noqa: F403
from .people import *  # noqa: F403
from .playbooks import *  # noqa: F403
from .refusals import *  # noqa: F403
from .registry import EVENTS as EVENTS
from .registry import Event as Event
