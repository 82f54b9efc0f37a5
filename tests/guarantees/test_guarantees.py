"""The short forms of the guarantees, on real servers. `make prove` runs the long ones."""

import pytest

from tests.prove import modules, proof_of

# One process at a time for each: they start servers of their own and count what happens at once.
pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis, pytest.mark.worker]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("guarantee", modules())
def test_the_guarantee_holds(guarantee):
    figure = proof_of(guarantee, long=False)

    print(f"{guarantee}: {figure.text}")
    assert figure.holds, figure.text
