"""What is done: training, evaluating, generating, and looking into data."""
