"""Tables of expressions: `<name>.toml` beside the code that reads by them.

Each entry is a list of regular expressions (Python), any of them; they are read
without regard to case.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def patterns(name: str) -> Mapping[str, re.Pattern[str]]:
    """Return the expressions of a table by their names, each row an alternative."""
    table = tomllib.loads(files("assistant").joinpath(f"{name}.toml").read_text("utf-8"))
    return {entry: re.compile("|".join(rows), re.IGNORECASE) for entry, rows in table.items()}
