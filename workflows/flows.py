"""The registry viewflow discovers: every procedure of the house."""

from workflows.press_inquiry.flow import PressInquiryFlow

FLOWS = (PressInquiryFlow,)
