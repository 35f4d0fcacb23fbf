"""The panels of the dashboard: one widget a file; attributes come from above, messages go up."""
