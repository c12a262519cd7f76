"""Mandates to speak: recorded, delegated, ended. What was granted stays; an end is a row beside it."""

from .ending import end as end
from .ending import end_all_of_case as end_all_of_case
from .ending import end_all_of_delegate as end_all_of_delegate
from .ending import lapse as lapse
from .ending import revoke as revoke
from .granting import Letter as Letter
from .granting import assign_standing_spokesperson as assign_standing_spokesperson
from .granting import check_proposal as check_proposal
from .granting import delegate as delegate
from .granting import record_ex_officio as record_ex_officio
