"""The user interface: the dashboard, the command line, and every number as text."""
