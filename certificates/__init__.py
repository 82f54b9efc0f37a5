"""What people leave with: documents, their numbers, their public check."""
