"""The registry viewflow discovers: every procedure of the house."""

from workflows.crisis.flow import CrisisFlow
from workflows.delegation.flow import DelegationFlow
from workflows.press_inquiry.flow import PressInquiryFlow
from workflows.refusal.flow import RefusalFlow

FLOWS = (PressInquiryFlow, RefusalFlow, DelegationFlow, CrisisFlow)
