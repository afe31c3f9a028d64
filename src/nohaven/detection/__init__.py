"""Finds offers of illicit goods and services, never mere mentions, and says why."""
