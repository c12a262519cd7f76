"""The pages of the procedure: clean input in, one action out."""

from .judging import Decide, Review
from .letters import Release, Sign, Stamp
from .proposing import Propose
from .second_looks import Approve, Reconsider

__all__ = ["Approve", "Decide", "Propose", "Reconsider", "Release", "Review", "Sign", "Stamp"]
