"""The playground's parts: who can be asked, what was asked and answered, how it looks, and where it is kept."""
