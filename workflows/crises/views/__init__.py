"""Pages that no step of the procedure stands on."""
