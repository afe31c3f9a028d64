"""Where things are kept: packaged data, the folder of a sweep and its tables, the deployment's key."""
