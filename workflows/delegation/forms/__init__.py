"""The forms of the steps: they clean what was typed and hand over what an act takes."""
