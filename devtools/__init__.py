"""What `./dev` does: prepares, runs, tests and ships the project. Standard library only, for it runs before anything is installed."""
