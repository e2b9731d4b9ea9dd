"""The log: one gap-free, append-only sequence of events, and a Merkle tree over it. It knows no projection."""
