"""Who acts: accounts, and seats, each a dated mandate of a person from an organisation."""
