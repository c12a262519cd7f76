"""What people and the machine do to a refusal; the only writers of its rows."""
