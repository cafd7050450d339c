"""Keys with which organisations sign, and the signatures they made."""
