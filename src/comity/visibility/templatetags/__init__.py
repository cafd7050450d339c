"""Tags of the visibility room."""
