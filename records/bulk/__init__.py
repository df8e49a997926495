"""Acts on many records: each goes through the same operation as a single one would."""
