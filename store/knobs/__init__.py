"""The knobs of a run, a file a section; RunConfig is made of them."""
