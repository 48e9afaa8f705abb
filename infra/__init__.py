"""From the tree to the cloud: the resources, and the package that runs on them."""
