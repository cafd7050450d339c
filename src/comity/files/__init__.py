"""Papers and uploads of organisations, each with a level of its own, without what would betray people."""
