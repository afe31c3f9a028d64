"""README, docs, command line and the list of stages say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from nohaven.cli.main import COMMANDS
from nohaven.pipeline.stages import STAGES

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("stage", STAGES, ids=lambda s: s.name)
def test_every_stage_has_a_page_and_stands_in_the_readme(stage: object) -> None:
    assert (ROOT / "docs" / f"{stage.name}.md").is_file()  # type: ignore[attr-defined]
    assert f"| {stage.name} | {stage.does} |" in (ROOT / "README.md").read_text(encoding="utf-8")  # type: ignore[attr-defined]


def test_every_command_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [c for c in COMMANDS if f"nohaven {c}" not in readme and f"make {c}" not in readme] == []
