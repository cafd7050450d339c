"""Where parties meet: visits, congresses, forums and friendship groups, with capacity, house rule and delegations."""
