"""The panels of the dashboard: one widget a file, set from above, answering only by messages."""
