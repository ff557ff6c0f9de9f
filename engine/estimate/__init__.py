"""What a run will need before it is started: steps, memory and time, without loading any weights."""
