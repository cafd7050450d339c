"""What things are about: the taxonomy, what is filed under it, its pages, and what else shares a topic."""
