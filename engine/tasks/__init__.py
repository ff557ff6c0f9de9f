"""The tasks, one file each: what a family of models needs to be trained for one purpose."""
