"""What people do to sources and versions, and what is said of them."""
