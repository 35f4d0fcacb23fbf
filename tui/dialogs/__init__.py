"""The dialogs: what lies over the dashboard to ask or to show one thing."""
