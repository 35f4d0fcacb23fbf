"""The screens: the dashboard, the picker, the help."""
