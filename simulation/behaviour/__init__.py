"""What agents do: one small file a decision. Each rule is a scalar function; the kernel in the
same file loops over agents and calls it, so the rule that runs is the rule that is read."""
