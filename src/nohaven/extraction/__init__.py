"""Reads what a page says: text in any script, blocks with roles, structure, language, views for matching."""
