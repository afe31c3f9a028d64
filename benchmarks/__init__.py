"""Measures the program's speed against a floor on the same files in the same run. Run with `make bench`."""
