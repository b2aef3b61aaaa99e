"""What all tests share: the real servers, and names of tests that are the same in every process."""

import pytest

pytest_plugins = ["tests.servers"]


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes name no test: a packed file bears the second at which it was packed."""
    return argname if isinstance(val, bytes) else None
