"""Requests for help with something unlawful: found by deed and wish, ended without a search.

A complaint names the same deeds (有人偷倒渣土谁管), so both are needed: a deed, and
the asker's own wish to do it; words of complaint or prevention outweigh them
(unlawful.toml). What it does not know is left to the calibrated probability.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files


def unlawful_request(text: str) -> str | None:
    """Return the deed that the asker wants help with, or None."""
    signs = _signs()
    if signs["complaint"].search(text):
        return None
    if thing := signs["keywords"].search(text):
        return thing.group()
    deed = signs["deed"].search(text)
    return deed.group() if deed and signs["wish"].search(text) else None


@cache
def _signs() -> dict[str, re.Pattern[str]]:
    table = tomllib.loads(files("assistant").joinpath("unlawful.toml").read_text("utf-8"))
    return {name: re.compile("|".join(row), re.IGNORECASE) for name, row in table.items()}
