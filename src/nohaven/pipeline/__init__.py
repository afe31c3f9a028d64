"""The chain in its order: from a capture to rows, from inputs to a sweep."""
