"""The worker: a debugger in its own thread, whose facts a screen reads."""
