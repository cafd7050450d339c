"""The leak suite: what may not be seen leaves by no exit, over every declared kind, exit, level and reader."""
