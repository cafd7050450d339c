"""Tags of the engagements room."""
