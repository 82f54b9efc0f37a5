"""Speed, measured: `make bench` runs every story, `make bench B=pages` one. Ratios to a baseline of the same run."""
