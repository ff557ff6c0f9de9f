"""This machine as runs find it: devices, processes, processor, memory, disk, and the queue for them."""
