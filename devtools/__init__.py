"""What `./dev` does. Standard library only, for it runs before anything is installed."""
