"""Which worlds look like the published figures."""
