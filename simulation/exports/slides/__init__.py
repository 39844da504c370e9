"""What a run answers, as slides with charts that can be edited."""
