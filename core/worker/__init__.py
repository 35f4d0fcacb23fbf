"""The worker: a debugger in a thread of its own, for somebody who looks on."""
