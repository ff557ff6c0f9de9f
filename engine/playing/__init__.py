"""A conversation with a tuned model and its base: loaded once, asked again and again."""
