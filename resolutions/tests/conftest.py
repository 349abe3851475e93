"""The paper that Olga checks, and the desk at which she does."""

from __future__ import annotations

import pytest

from resolutions.documents import SourceDocument
from resolutions.tests.marked_papers import ROWS, document_of, marked


@pytest.fixture
def document(region, olga) -> SourceDocument:
    """Return a paper as it was read, with nothing chosen yet."""
    return document_of(marked(*ROWS), region.department, olga)


@pytest.fixture
def desk(olga, signed_in):
    """Return the browser of Olga, who coordinates the issuer."""
    return signed_in(olga)
