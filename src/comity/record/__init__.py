"""The transparency log: entries appended in the transaction of the change, a Merkle tree over them, commitments, erasure."""
