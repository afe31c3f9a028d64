"""A sweep's work whose worker dies or hangs at a page, as a fault in native code would make it."""

from __future__ import annotations

import os
import re
import signal
import time
from dataclasses import dataclass

from nohaven.pipeline.chain import Chain, Outcome
from nohaven.pipeline.unit import SweepWork, WorkSettings
from nohaven.records.capture import Capture


class BentChain(Chain):
    """Fails at pages whose URL says so."""

    def outcome(self, capture: Capture) -> Outcome:
        if capture.url.endswith("/crash"):
            os.kill(os.getpid(), signal.SIGSEGV)
        if capture.url.endswith("/slow"):  # the page's own timer ends it
            time.sleep(60)
        if capture.url.endswith("/hang"):  # no timer: the supervisor must
            signal.setitimer(signal.ITIMER_REAL, 0)
            re.match(r"(a+)+$", "a" * 60 + "b")
        return super().outcome(capture)


class BentWork(SweepWork):
    """The work with such a chain."""

    def __init__(self, settings: WorkSettings) -> None:
        super().__init__(settings)
        self._chain = BentChain(self._chain.tools, self._chain.detector)


@dataclass(frozen=True)
class BentSettings(WorkSettings):
    """Travels to the workers in place of WorkSettings."""

    def make(self) -> SweepWork:
        return BentWork(self)
