"""What is said to the user, and how a program is stopped from outside."""
