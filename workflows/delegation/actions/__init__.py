"""The only writers of the procedure. A module is a stage, a function one act; its trail entry is inside."""
