"""Pages of deployments and of the set-up of pipelines."""
