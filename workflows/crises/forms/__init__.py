"""The forms of the pages around crises."""
