"""What a person meets: the dashboard, the command line, and every number as text."""
