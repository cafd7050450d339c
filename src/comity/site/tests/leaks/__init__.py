"""The leak suite: what may not be seen leaves by no exit. It goes over the declared kinds, exits, levels and readers."""
