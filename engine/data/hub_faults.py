"""What goes wrong with the hub, in a sentence each with what to do; nothing of a token is ever in them."""

from collections.abc import Iterator
from contextlib import contextmanager

from ...store.errors import DataError, UserError

LOG_IN = "hf auth login"


@contextmanager
def told(repository: str) -> Iterator[None]:
    """Raises DataError for whatever the hub's libraries raise in the block about the repository."""
    try:
        yield
    except UserError:
        raise
    # They have changed their HTTP library twice, and let the errors of the present one and those of pyarrow through.
    except Exception as error:
        raise _fault(repository, list(_chain(error))) from error


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _fault(repository: str, errors: list[BaseException]) -> DataError:
    from huggingface_hub import errors as known

    def is_caused_by(*kinds: type[BaseException]) -> bool:
        return any(isinstance(error, kinds) for error in errors)

    if is_caused_by(known.GatedRepoError):
        return DataError(
            f"The hub gives {repository} only to those who accepted its terms.",
            f"Accept them at https://huggingface.co/datasets/{repository} and log in with: {LOG_IN}",
        )
    if is_caused_by(known.RevisionNotFoundError):
        return DataError(f"{repository} has no such revision on the hub.", "Check what stands behind the #.")
    if is_caused_by(known.RepositoryNotFoundError, known.HFValidationError):
        return DataError(
            f"There is no data set on the hub named {repository}, or it is private.",
            f"Check the name: tunedeck data search WORDS; for a private one log in with: {LOG_IN}",
        )
    if is_caused_by(known.OfflineModeIsEnabled):
        return DataError(f"{_what(repository)}: HF_HUB_OFFLINE keeps the hub from being asked.", "Unset it.")
    return _answered(repository, errors) or _unreadable(repository, errors)


def _answered(repository: str, errors: list[BaseException]) -> DataError | None:
    """What to say where the hub answered with an error, or didn't answer at all."""
    from huggingface_hub.errors import HTTPError  # pyright: ignore[reportPrivateImportUsage] - of httpx, or httpx2

    statuses = (getattr(getattr(error, "response", None), "status_code", None) for error in errors)
    if status := next(filter(None, statuses), None):
        return DataError(f"{_what(repository)}: the hub answers with error {status}.", "Try again later.")
    if any(isinstance(error, HTTPError | ConnectionError | TimeoutError) for error in errors):
        return DataError(
            f"{_what(repository)}: the hub can't be reached.",
            "Check the network and its proxy, or copy the files to this machine and name their folder.",
        )
    return None


def _unreadable(repository: str, errors: list[BaseException]) -> DataError:
    reason = (str(errors[0]).strip() or type(errors[0]).__name__).splitlines()[0][:200].rstrip(".")
    if "scripts are no longer supported" in reason:
        return DataError(
            f"{repository} is a script that makes its rows, and scripts are never run.",
            f"Most have been copied as Parquet: hub:{repository}#refs/convert/parquet",
        )
    return DataError(f"{repository} can't be read: {reason}.", "Look at its files on the hub.")


def _what(repository: str) -> str:
    return f"{repository} can't be fetched" if repository else "The search failed"
