"""Random numbers of the host, and those that repeat with their seed."""

import pytest

from emulator.devices.entropy import FixedEntropy, SystemEntropy


@pytest.mark.parametrize("entropy", [SystemEntropy(), FixedEntropy()], ids=["system", "fixed"])
def test_octets_have_their_number_and_numbers_their_limit(entropy: SystemEntropy | FixedEntropy) -> None:
    assert [len(entropy.octets(count)) for count in (0, 1, 16, 32, 33, 100)] == [0, 1, 16, 32, 33, 100]
    drawn = {entropy.below(5) for _ in range(200)}
    assert drawn == {0, 1, 2, 3, 4}
    assert entropy.octets(16) != entropy.octets(16)
    assert entropy.below(1) == 0


def test_a_fixed_sequence_repeats_with_its_seed() -> None:
    first, same, other = FixedEntropy("a"), FixedEntropy("a"), FixedEntropy("b")
    drawn = [first.octets(40), first.below(10**8)]
    assert drawn == [same.octets(40), same.below(10**8)]
    assert drawn != [other.octets(40), other.below(10**8)]
