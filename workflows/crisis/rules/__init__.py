"""What is decided without a database: playbooks, the ladder, who speaks on a joint matter."""
