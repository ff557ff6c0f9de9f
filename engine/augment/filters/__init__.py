"""What synthetic rows are judged by, one file each."""
