"""What the operator sees: log lines, metrics, checks."""
