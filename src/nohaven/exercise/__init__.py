"""A made-up illicit web with known truth: reserved names, fictional numbers, nobody's business."""

from __future__ import annotations

from nohaven.exercise.build import ExerciseFiles, build_exercise
from nohaven.exercise.world import World, build_world

__all__ = ["ExerciseFiles", "World", "build_exercise", "build_world"]
