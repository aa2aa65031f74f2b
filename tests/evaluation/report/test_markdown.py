"""Numbers, tables and names as text."""

from genre.evaluation.report.markdown import (
    bullets,
    number,
    p_phrase,
    p_text,
    plain,
    signed,
    span,
    table,
    tiny_p_text,
)


def test_numbers_as_text() -> None:
    assert number(0.12345) == "0.123"
    assert number(float("nan")) == "-"
    assert signed(0.05, digits=2) == "+0.05"
    assert signed(-0.0001) == "+0.000"
    assert span(0.1, 0.2) == "0.100 to 0.200"
    assert span(float("nan"), 0.2) == "-"
    assert p_text(0.0004) == "< 0.001"
    assert p_phrase(0.0004) == "p < 0.001"
    assert p_phrase(0.04) == "p = 0.040"
    assert p_text(float("nan")) == "-"
    assert tiny_p_text(3.2e-45) == "3.2e-45"
    assert tiny_p_text(0.0) == "< 1e-300"  # smaller than a float can hold
    assert tiny_p_text(float("nan")) == "-"
    assert span(-0.1, 0.2, with_sign=True) == "-0.100 to +0.200"


def test_tables_as_text() -> None:
    assert table(["a", "b"], [["x|y", "1"]]) == "| a | b |\n| --- | ---: |\n| x\\|y | 1 |"


def test_lists_as_text() -> None:
    assert bullets(["a", "b"]) == "- a\n- b"
    assert bullets([]) == ""


def test_markup_in_names_is_escaped_and_plain_names_stay() -> None:
    assert plain("drum_and_bass") == "drum_and_bass"
    assert plain("*a* <b> `c` [d] _e_") == r"\*a\* \<b\> \`c\` \[d\] \_e\_"
