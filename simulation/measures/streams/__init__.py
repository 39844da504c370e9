"""What groups, members and friends' cards do."""
