"""The timeline: the steps that a debugger keeps, in branches, and how they are written down."""
