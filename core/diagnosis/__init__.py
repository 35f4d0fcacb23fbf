"""Where the user's numbers first go wrong, and why."""
