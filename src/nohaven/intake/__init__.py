"""Intake: takes crawled pages in and says of everything else why it was left out."""
