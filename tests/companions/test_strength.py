"""How strong a passphrase is: a judgement that is quick, never too kind, and tells nothing of what was judged."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from emulator.companions import strength
from emulator.companions.admin import passphrase
from emulator.companions.language import Words
from emulator.companions.strength import GRADES, judge


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ("", 0),
        ("weak", 0),
        ("elevenchars", 0),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0),
        ("abcdefghijklmnop", 0),
        ("1q2w3e4r5t6z7u8i", 0),
        ("Password1234!", 0),
        ("Winter2026!!", 0),
        ("12/12/2012 12/12/2012", 1),
        ("thomas und anna", 0),
        ("correct horse battery", 2),
        ("correct horse battery staple", 4),
        ("Grüße aus dem schönen Zittau", 4),
    ],
)
def test_what_people_invent_is_judged_by_how_soon_it_is_guessed(said: str, score: int) -> None:
    judged = judge(said)
    assert (judged.score, judged.label) == (score, GRADES[score][1])
    assert judged.acceptable == (score >= 2)
    assert bool(judged.advice) == (score <= 2)
    assert judged == judge(said)


def test_a_generated_one_is_very_strong() -> None:
    for _ in range(20):
        assert judge(passphrase.generate()).label == "very strong"


def test_a_guess_costs_what_the_picture_makes_it_cost() -> None:
    judged = judge("correct horse battery")
    assert judged.seconds == pytest.approx(10**judged.guesses_log10 / strength.GUESSES_PER_SECOND, rel=1e-6)


def test_grades_rise() -> None:
    least = [seconds for seconds, _ in GRADES]
    assert least == sorted(set(least))
    assert least[0] == 0


def test_words_that_anybody_sees_are_no_secret() -> None:
    said = "Zugang Hochregallager Zittau"
    assert judge(said).score > 2
    assert judge(said, ["Zugang Hochregallager Zittau"]).score == 0
    assert judge(said).score > 2


def test_threads_do_not_hear_each_other_s_known_words() -> None:
    said = "Zugang Hochregallager Zittau"
    with ThreadPoolExecutor(4) as threads:
        judged = list(threads.map(lambda number: judge(said, [said] if number % 2 else []).score, range(40)))
    assert judged[1::2] == [0] * 20
    assert all(score > 2 for score in judged[::2])


def test_what_is_judged_is_told_nowhere() -> None:
    assert "elevenchars" not in repr(judge("elevenchars"))


@pytest.mark.parametrize(
    "said",
    [
        "4@8({[</369&#!1|0$5+7%2" * 40,
        "4@8({[<369!1|0$5+7%2",
        "a" * 1024,
        "12/12/2012" * 100,
        "".join(map(chr, range(33, 127))) * 10,
        "\U0001f511" * 200,
        "\ud800 surrogate",
    ],
)
def test_nothing_that_can_be_typed_takes_long(said: str) -> None:
    before = time.process_time()
    assert 0 <= judge(said).score <= 4
    assert time.process_time() - before < 2.0


def test_what_lies_behind_the_beginning_only_adds() -> None:
    good = "correct horse battery staple"
    assert judge(good + " and so on" * 50).score >= judge(good).score


def test_a_time_is_told_in_the_unit_that_fits_and_in_the_language_of_the_reader() -> None:
    def told(seconds: float, words: Words | None = None) -> str:
        judged = strength.Strength(0, "", 0.0, seconds, ())
        return judged.time_to_guess(words) if words else judged.time_to_guess()

    assert told(0) == told(1.9) == "less than two seconds"
    assert [told(seconds) for seconds in (2, 119, 120, 7199, 7200, 172_800)] == [
        "2 seconds",
        "119 seconds",
        "2 minutes",
        "119 minutes",
        "2 hours",
        "2 days",
    ]
    assert told(2 * strength.YEAR) == "2 years"
    assert told(9_999 * strength.YEAR) == "9999 years"
    assert told(10_000 * strength.YEAR) == "10 thousand years"
    assert told(1e300) == "more than a million years"
    german = Words({"{count} years": "{count} Jahre"})
    assert told(2 * strength.YEAR, german) == "2 Jahre"


def test_word_lists_are_read_only_when_somebody_is_judged() -> None:
    import subprocess
    import sys

    program = "import sys; import emulator.companions.admin.key_verbs; print('zxcvbn' in sys.modules, 'reportlab' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
