"""The pages of one refusal, of the acts around it, and of the auditors."""
