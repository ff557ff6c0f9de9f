"""A disk that takes no more, told apart from other errors; Python, torch and safetensors each say so in other words."""

import errno

_NUMBERS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# torch's writer of archives says no more than where in its source it failed.
_SIGNS = ("inline_container", "iostream error", "No space left", "File too large", "quota exceeded")


def is_full(error: BaseException) -> bool:
    """Whether the error is about a write that the disk had no room for."""
    if isinstance(error, OSError):
        return error.errno in _NUMBERS
    return any(sign in str(error) for sign in _SIGNS)
