"""What the predictions of an evaluation say of a model: tables by class, by entity, by kind of question."""
