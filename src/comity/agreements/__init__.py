"""What parties agree with each other outside any network: agreements between two, and coalitions of many."""
