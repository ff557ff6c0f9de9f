"""Where rows come from: files of many formats, read with the place of every fault."""
