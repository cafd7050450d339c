"""The ``comity`` command: one file per word, each with its help and an example."""
