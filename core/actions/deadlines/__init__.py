"""Deadlines: started by an event, computed and stored, moved only for a recorded reason, ended once.

A clock keeps the law under which it started. The calendar may change under an open deadline; a closed one stays.
"""

from .computing import Computed as Computed
from .computing import compute as compute
from .ending import drop as drop
from .ending import end as end
from .ending import end_answered as end_answered
from .ending import end_void as end_void
from .ending import finish as finish
from .ending import set_aside as set_aside
from .ending import void as void
from .moving import extend as extend
from .moving import pause as pause
from .moving import recompute as recompute
from .moving import resume as resume
from .publishing import DELEGATION as DELEGATION
from .publishing import SPOKESPERSON as SPOKESPERSON
from .publishing import decided as decided
from .publishing import owe_publication as owe_publication
from .publishing import publish as publish
from .starting import preview as preview
from .starting import preview_on as preview_on
from .starting import record_event as record_event
from .starting import record_event_on as record_event_on
from .starting import record_order as record_order
from .starting import start as start
from .starting import start_local as start_local
from .starting import start_on as start_on
