"""Who may see what: defaults by policy, decisions about them, existence protected by two, yearly counts."""
