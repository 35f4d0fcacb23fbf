"""Pictures of what a network computes from its inputs."""
