"""The pages across procedures: my work, the case, the acts beside the path, the auditors' workspace."""
