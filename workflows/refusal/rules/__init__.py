"""What decides about a refusal. Pure: the law and the time come in as arguments."""
