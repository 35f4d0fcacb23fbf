"""The dialogs: screens over the dashboard for a question or a page to read."""
