"""What is: columns of viewers, merchants and ties, luck, and the day's counts."""
