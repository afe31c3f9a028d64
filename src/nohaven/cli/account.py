"""The readable account of one page: what was found, why, and the words that say so."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nohaven.cli.plain_signs import meaning
from nohaven.cli.screen import harmless, quoted
from nohaven.pipeline.chain import Outcome
from nohaven.pipeline.victims import mask_victims
from nohaven.records.offer import Finding, Reason
from nohaven.values.masking import mask_markup, mask_text

_WHAT_MENTION = {
    "report": "it reports",
    "legal": "it speaks of the law",
    "education": "it teaches or studies",
    "help": "it warns or helps",
    "fiction": "it is fiction or a game",
    "licensed": "it is licensed trade",
}
_STANCE = {"offer": "OFFER", "demand": "DEMAND", "recruit": "RECRUITING", "vouch": "VOUCHING"}


def tell(outcome: Outcome, console: Console) -> None:
    """Print the account."""
    page, verdict = outcome.page, outcome.verdict
    if verdict.reserved:
        console.print(
            Text(
                "Reserved: this page may not be shown or scored. Refer it to the hotline of your territory.",
                style="bold red",
            )
        )
        return
    console.print(
        Text(harmless(mask_markup(page.url)), style="bold"),
        Text(f" {page.kind}, {page.language or 'language unknown'}", style="dim"),
    )
    if page.title:
        console.print(Text(f"  {harmless(mask_markup(page.title))}", style="dim"))
    offers = [f for f in verdict.findings if f.band == "offer"]
    doubts = [f for f in verdict.findings if f.band == "doubtful"]
    if not offers:
        console.print(Text("  no offer", style="bold green"), Text(_why_none(outcome)))
    for finding in offers[:5]:
        _tell_finding(finding, outcome, console, "bold red")
    for finding in doubts[:2] if not offers else []:
        _tell_finding(finding, outcome, console, "bold yellow")
    if len(offers) > 5:
        console.print(Text(f"  and {len(offers) - 5} more on this page", style="dim"))
    if not verdict.findings and verdict.weighed:
        console.print(_reason_table(verdict.weighed, verdict.best_score))


def _why_none(outcome: Outcome) -> str:
    """In a few words, why a page has no offer."""
    verdict = outcome.verdict
    if not verdict.gated:
        return ": its words cannot add up to one"
    said = _WHAT_MENTION.get(verdict.mention)
    doubt = "; a person should look" if verdict.findings else ""
    return f": {said}{doubt}" if said else f": too little speaks for it{doubt}"


def _tell_finding(finding: Finding, outcome: Outcome, console: Console, style: str) -> None:
    """One finding with its quote and reasons."""
    assert outcome.contents is not None, "a finding stands in a block"
    block = outcome.contents.blocks[finding.block]
    text = outcome.shown[block.start : block.start + len(block.text)]
    if finding.category == "personal_data":
        text = mask_victims(text)
    name = "DOUBTFUL" if finding.band == "doubtful" else _STANCE[finding.stance]
    head = (
        Text(f"  {name} ", style=style)
        + Text(f"{finding.category}", style="bold")
        + Text(f" · score {finding.score:.2f} · {block.role}")
    )
    console.print(head)
    positive = [r.quote for r in finding.reasons if r.weight > 0]
    console.print(Text("    “") + quoted(text, positive) + Text("”"))
    console.print(_reason_table(finding.reasons, finding.score))


def _reason_table(reasons: tuple[Reason, ...], score: float | None) -> Table:
    """Reasons, their weights and their sum."""
    table = Table(show_header=True, box=None, padding=(0, 2, 0, 4), header_style="dim")
    table.add_column("weight", justify="right")
    table.add_column("reason")
    table.add_column("words")
    for reason in sorted(reasons, key=lambda r: -r.weight):
        colour = "red" if reason.weight > 0 else "green"
        words = Text(harmless(mask_text(reason.quote))) if reason.quote else Text(meaning(reason.rule_id), style="dim")
        table.add_row(Text(f"{reason.weight:+.2f}", style=colour), Text(reason.rule_id), words)
    total = sum(r.weight for r in reasons)
    table.add_row(
        Text(f"{total:+.2f}", style="bold"),
        Text("sum, log-odds", style="bold"),
        f"score {score:.2f}" if score is not None else "",
    )
    return table
