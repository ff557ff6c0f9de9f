"""What the evaluations of a run say of it, read from the store bit by bit."""

import signal
from collections.abc import Iterator

import pytest
from bench import Bench
from tunedeck.engine.loop.progress import Progress
from tunedeck.engine.scoring.evaluation import Score
from tunedeck.engine.session import Session
from tunedeck.store import attempts, events, runs

HELD_OUT = [5.0, 2.0, 1.5, 1.6, 1.8, 2.0]


@pytest.fixture
def session(own_bench: Bench) -> Iterator[Session]:
    run = own_bench.queue()
    runs.claim(own_bench.db)
    handler = signal.getsignal(signal.SIGTERM)
    made = Session(own_bench.home, run.id, attempts.start(own_bench.db, run.id).id)
    yield made
    made.close()
    signal.signal(signal.SIGTERM, handler)


def test_overfitting_is_told_of_training_losses_between_the_evaluations(own_bench: Bench, session: Session) -> None:
    config = own_bench.config()
    progress = Progress(config, session)
    for evaluation, held_out in enumerate(HELD_OUT):
        for session.step in range(2 * evaluation - 1, 2 * evaluation + 1) if evaluation else [0]:
            if session.step:
                session.measure(loss=3.0 - session.step / 4)
        session.measure(eval_loss=held_out)
        session.flush()
        progress.update(Score(held_out, {}, []))
    told = [event.text for event in events.of_run(own_bench.db, session.run.id)]
    assert len(told) == 1
    assert "held-out loss rose from 1.500 to 1.800 while the training loss fell from 2.125 to 1.125" in told[0]
    # One that goes on from here reads all of it at once, and knows the same.
    Progress(config, session).update(Score(HELD_OUT[-1], {}, []))
    again = [event.text for event in events.of_run(own_bench.db, session.run.id)][-1]
    assert "since evaluation 2 of 5" in again and "fell from 2.125 to 0.625" in again
