"""The pages around refusals that span procedures: one refusal's page, the acts beside its path, what auditors count."""
