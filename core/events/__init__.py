"""The vocabulary of the decision trail. Codes are stored and therefore frozen; only the sentences may change."""

from .casework import *  # noqa: F403
from .law import *  # noqa: F403
from .mandates import *  # noqa: F403
from .people import *  # noqa: F403
from .refusals import *  # noqa: F403
from .registry import EVENTS as EVENTS
from .registry import Event as Event
