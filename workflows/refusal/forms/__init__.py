"""The forms of the procedure: they clean what is typed, and leave to the rules what can stand."""
