"""Rows for the pages around crises."""
