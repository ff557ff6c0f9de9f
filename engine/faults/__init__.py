"""Real faults, injected into real runs made small: what `tunedeck doctor --self-test` and the tests share."""
