"""Who asks and who comes: training requests, nominations, selection, places."""
