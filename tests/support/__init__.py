"""What tests lean on: real servers, and helpers that are not about one app."""
