"""Tests of the exercise; a package, so that its file names may recur in other folders."""
