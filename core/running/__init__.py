"""Running: a training phase by phase, in a thread of its own, for somebody who looks on."""
