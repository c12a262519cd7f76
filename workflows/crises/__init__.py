"""The pages around crises: board, reports received, playbooks, joint matters, duty roster, what auditors read."""
