"""Proof that an act on a pack changed nothing but the pack."""
