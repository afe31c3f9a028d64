"""Where a sweep runs: units in worker processes, each unit's output one folder that appears whole or not at all."""
