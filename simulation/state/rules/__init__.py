"""Rules on the columns of this room, compiled."""
