"""Writing about accounts: the ways in, recoveries, counts of attempts."""
