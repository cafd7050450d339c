"""The transparency log: entries written with the change they record, a Merkle tree over them, erasure."""
