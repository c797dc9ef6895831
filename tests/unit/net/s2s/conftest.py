from collections.abc import Iterator

import pytest
from tests.support.names import Names


@pytest.fixture
def names() -> Iterator[Names]:
    with Names() as names:
        yield names
