"""From divergent viewpoints to common principles, with the dissent kept."""
