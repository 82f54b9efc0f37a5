"""What happened in the room: attendance and results."""
