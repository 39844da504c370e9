"""What must hold after every day of every world."""
