"""The mission page: the mission in rows, and which of them this build keeps, read from the tests that walked them."""
