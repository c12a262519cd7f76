"""The forms of the crisis procedure."""
