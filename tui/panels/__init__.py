"""The panels of the dashboard: one widget a file, set from above, telling only by messages."""
