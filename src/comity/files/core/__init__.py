"""What a file is and what must not leave with it, told from its bytes; no Django."""
