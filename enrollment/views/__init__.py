"""Pages of training requests, nominations and selection; a file per story."""
