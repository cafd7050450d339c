"""Joint texts: drafted, amended, adopted, with the dissent that travels with them."""
