"""The local cloud: an emulated AWS in one process, and stacks deployed to it."""

from sandbox.cloud.deployment import DeploymentError, deploy
from sandbox.cloud.local_cloud import CloudDidNotStart, LocalCloud, StateInUse

__all__ = ["CloudDidNotStart", "DeploymentError", "LocalCloud", "StateInUse", "deploy"]
