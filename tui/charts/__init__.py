"""Charts drawn by plotext, behind a gate that keeps out what plotext cannot bear."""
