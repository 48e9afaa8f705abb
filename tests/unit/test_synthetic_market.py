"""The ranking of workers against simple ones, on a few days of the market that the benchmark makes up."""

from benchmarks.matching import RANKINGS, play


def test_the_ranking_loses_less_than_half_of_what_chance_and_ratings_alone_do() -> None:
    regret = {
        name: play(RANKINGS[name], seed=7, days=12).row()[0] for name in ("random", "rating only", "ours")
    }
    assert 2 * regret["ours"] < min(regret["random"], regret["rating only"])
