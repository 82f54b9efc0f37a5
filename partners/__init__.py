"""Whom we work with: nations, frameworks, organisations, people, liaisons, cooperation."""
