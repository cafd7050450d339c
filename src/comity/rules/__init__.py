"""Statutes as dated data: rights, votes, quorums and majorities, as they stood on a day."""
