"""Who signs in, in which roles, and who may make which move."""
