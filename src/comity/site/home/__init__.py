"""The home of a realm: what is registered among the real; in the fiction one decision and four things to try."""
