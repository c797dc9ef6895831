"""Keys of accounts that do not exist: nothing about them tells."""

from collections import Counter

from palaver.sasl import Decoys, Hash, ScramKeys
from palaver.sasl.keys import SALT_BYTES

NOBODY = "nobody@example.org"


def test_they_look_like_keys_and_stay_the_same() -> None:
    decoy = Decoys(b"secret", 10_000).keys(NOBODY, Hash.SHA_256)
    real = ScramKeys.derive("pencil", Hash.SHA_256)
    assert decoy == Decoys(b"secret", 10_000).keys(NOBODY, Hash.SHA_256)
    assert decoy.iterations == real.iterations
    assert len(decoy.salt) == SALT_BYTES
    for part in ("salt", "stored_key", "server_key"):
        assert len(getattr(decoy, part)) == len(getattr(real, part))


def test_they_differ_by_account_hash_and_secret() -> None:
    decoys = [
        Decoys(secret).keys(account, hash_)
        for secret in (b"secret", b"other")
        for account in (NOBODY, "nobody@example.net")
        for hash_ in Hash
    ]
    assert len({decoy.salt for decoy in decoys}) == len(decoys)


def test_as_many_have_an_old_number_of_iterations_as_accounts_do() -> None:
    population = {Hash.SHA_1: {4096: 750, 10_000: 250}}
    decoys = Decoys(b"secret", 20_000, population)
    found = Counter(decoys.keys(f"n{n}@x", Hash.SHA_1).iterations for n in range(2000))
    assert found.keys() == {4096, 10_000}
    assert 0.7 < found[4096] / 2000 < 0.8
    assert decoys.keys(NOBODY, Hash.SHA_256).iterations == Hash.SHA_256.iterations(20_000)


def test_few_change_when_the_shares_change_a_little() -> None:
    before = Decoys(b"secret", 4096, {Hash.SHA_1: {4096: 750, 10_000: 250}})
    after = Decoys(b"secret", 4096, {Hash.SHA_1: {4096: 750, 10_000: 260, 20_000: 3}})
    names = [f"n{number}@x" for number in range(1000)]
    changed = [
        name for name in names if before.keys(name, Hash.SHA_1) != after.keys(name, Hash.SHA_1)
    ]
    assert len(changed) < 30
