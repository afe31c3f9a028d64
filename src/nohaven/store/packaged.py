"""Finds the data that ship with the program: `rules/` and `resources/`.

In a wheel they lie inside the package, in a checkout beside `src/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from nohaven.errors import OutsideFailure


def packaged_folder(name: str) -> Path:
    """The folder of that name; OutsideFailure when the installation lacks it."""
    here = Path(__file__).resolve()
    for root in (here.parents[1], here.parents[3]):
        if (root / name).is_dir():
            return root / name
    raise OutsideFailure(f"The installed package lacks its folder {name}/; install nohaven again.")


def read_yaml(path: Path) -> Mapping[str, object]:
    """A YAML file whose top level is a mapping."""
    loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(loaded, dict):
        raise OutsideFailure(f"{path.name} should hold named fields; restore it from the project.")
    return loaded


def read_resource(name: str) -> Mapping[str, object]:
    """The packaged table `resources/NAME.yaml`."""
    return read_yaml(packaged_folder("resources") / f"{name}.yaml")
