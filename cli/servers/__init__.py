"""Real servers under `var/`, for one machine: started, found again after a crash, stopped."""
