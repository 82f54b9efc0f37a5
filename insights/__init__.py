"""What it all adds up to: for each person today, and for the office over the years."""
