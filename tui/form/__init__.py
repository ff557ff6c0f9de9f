"""What a form of knobs shows and makes: its lines, what earlier runs used, estimates, commands and TOML files."""
