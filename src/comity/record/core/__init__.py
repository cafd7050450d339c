"""The record's rules on plain data: canonical JSON, leaves, the Merkle tree, the audit. No Django."""
