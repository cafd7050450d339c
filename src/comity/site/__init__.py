"""Puts the rooms together: settings, addresses, home, thread, search, feeds, navigation and the command line."""
