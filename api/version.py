"""The product's version, as the contracts show it."""

from importlib.metadata import version
from typing import Final

VERSION: Final = version("hms-ach")
