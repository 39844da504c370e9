"""What was run, how, and what it does not show."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from ...checking.remarks import coarse_merchants, shared_pasts
from ...claims.whole import UNTESTED
from ...languages.speaking import listing, phrase, phrase_of
from ...measures.registry import without_days
from ...scenario.tables import NO_PAST, OWN
from ...storage.manifest import CAME_WITH, MODEL_VERSION
from ...words import counted
from ..kit.words import three_digits, whole
from .content import Content
from .verdict_cards import deciding_reading, shares_in

CALIBRATION_NOTE = (
    "Many parameters are assumptions: few figures of the time are public, and shares, tastes, trust and "
    "costs were set to plausible values. The scenario file marks each of them."
)
ONE_SETTING_NOTE = (
    "Every verdict holds for one setting of the parameters. The intervals express luck within that "
    "setting only"
)
BEFORE = "an earlier version did not check whether they were weighed in worlds like this one; run it again"
SEPARATE_NOTE = (
    "Each {noun} is run alone with the same people and shops. Nobody moves between {noun}s, so "
    "nothing here is about competition for the same viewers."
)
MARKET_NOTE = (
    "Platforms of a market compete for the same viewers and merchants, but none of them answers to what "
    "another does: their rules change by dated policies only."
)


def run_line(content: Content) -> str:
    """What was run, in a sentence or two."""
    world = content.run.scenario.world
    values = {
        "viewers": whole(world.viewers),
        "persons": whole(world.viewers * world.people_per_viewer),
        "merchants": whole(world.merchants),
        "days": whole(world.days),
        "worlds": whole(content.worlds),
        "arms": whole(len(content.arms)),
        "arm": content.arms[0].label,
        "most": whole(_most_platforms(content)),
    }
    said = (past_line(content), left_out_line(content), made_line(content))
    return " ".join([_size(content, values), *filter(None, said)])


def _size(content: Content, values: dict[str, str]) -> str:
    """How large the run was, and what its arms have in common."""
    if len(content.arms) == 1:
        return phrase(
            "Simulated: {viewers} viewers who stand for {persons} people, merchants at the start: "
            "{merchants}, days: {days}, worlds: {worlds}, all on {arm}.",
            **values,
        )
    if content.names.are_platforms:
        return phrase(
            "Simulated: {viewers} viewers who stand for {persons} people, merchants at the start: "
            "{merchants}, days: {days}, worlds: {worlds} on each of {arms} platforms, with the same people, "
            "shops and luck on each, so that differences come from the platforms.",
            **values,
        )
    if content.names.is_market:
        return phrase(
            "Simulated: {viewers} viewers who stand for {persons} people, merchants at the start: "
            "{merchants}, days: {days}, worlds: {worlds} in each of {arms} arms, which have up to {most} "
            "platforms in one market, with the same people, shops and luck, so that differences come from "
            "what the arms change.",
            **values,
        )
    return phrase(
        "Simulated: {viewers} viewers who stand for {persons} people, merchants at the start: {merchants}, "
        "days: {days}, worlds: {worlds} in each of {arms} arms, with the same people, shops and luck in "
        "each, so that differences come from what the arms change.",
        **values,
    )


def made_line(content: Content) -> str:
    """That a run came with the laboratory, how it is smaller, and that another version made it, if so."""
    about, said = content.run.manifest, []
    if came := about.get(CAME_WITH):
        changes = phrase("; ").join(f"{key} = {value}" for key, value in came["changes"].items())
        if changes:
            text = phrase(
                "This run came with the laboratory, in other sizes than its scenario's file has: {changes}.",
                changes=changes,
            )
        else:
            text = phrase("This run came with the laboratory, as its scenario's file has it.")
        said.append(text)
    if about["model_version"] != MODEL_VERSION:
        text = phrase(
            "Model version {there} made it; under the present one, {here}, it may come out otherwise.",
            there=about["model_version"],
            here=MODEL_VERSION,
        )
        said.append(text)
    return " ".join(said)


def left_out_line(content: Content) -> str:
    """Which first days are left out of measures, in a sentence; nothing where none are."""
    if not content.left_out:
        return ""
    return phrase_of(
        "The first day is left out of everything that is counted by day, of profit and of newcomers; figures "
        "over days show all. What is read off the state at the end, or off whole lives, is not concerned.",
        "The first {count} days are left out of everything that is counted by day, of profit and of "
        "newcomers; figures over days show all. What is read off the state at the end, or off whole lives, "
        "is not concerned.",
        content.left_out,
    )


def days_note(content: Content) -> str:
    """That claims are of other days than most figures, where they are."""
    days = list(dict.fromkeys(found for name in content.tested if (found := without_days(name)[1])))
    if not days:
        return ""
    said = listing(
        [
            phrase("{first} to {last}", first=first, last=last)
            for first, _, last in (w.partition("-") for w in days)
        ]
    )
    return phrase(
        "Claims look at days {days}, so that the start of a run decides none. What they look at is told of "
        "these days here as well, where it says so; all else is of the whole run.",
        days=said,
    )


def past_line(content: Content) -> str:
    """What has gone before day 0, in a sentence: everything on the page holds for that past."""
    scenario = content.run.scenario
    warm_up = scenario.warm_up
    days = whole(warm_up.days + warm_up.burn_in)
    if warm_up.past == NO_PAST:
        return phrase(
            "Nothing has gone before: on day 0 merchants open and viewers know what they brought along."
        )
    if warm_up.past == OWN and content.names.are_platforms:
        return phrase(
            "Each platform begins with a past of its own of {days} days, of which nothing is counted.",
            days=days,
        )
    if warm_up.past == OWN:
        return phrase(
            "Each arm begins with a past of its own of {days} days, of which nothing is counted.", days=days
        )
    platforms = content.names.platforms
    name = warm_up.platform or next(iter(platforms))
    return phrase(
        "All begin with the same past of {days} days under {platform}, of which nothing is counted, and part "
        "on day 0: what is shown is what happens to people who are moved.",
        days=days,
        platform=platforms.get(name, name),
    )


def start_of(content: Content) -> str:
    """What worlds of this run begin with, as the condition in a sentence: ``worlds that begin without
    regulars``."""
    scenario = content.run.scenario
    warm_up = scenario.warm_up
    if warm_up.past == NO_PAST:
        return phrase("worlds that begin without regulars")
    if warm_up.past == OWN and content.names.are_platforms:
        return phrase("worlds in which each platform begins with a past of its own")
    if warm_up.past == OWN:
        return phrase("worlds in which each arm begins with a past of its own")
    platforms = content.names.platforms
    name = warm_up.platform or next(iter(platforms))
    return phrase(
        "worlds that all begin with the same past under {platform}", platform=platforms.get(name, name)
    )


def _most_platforms(content: Content) -> int:
    """Platforms of the largest market."""
    return max(len(arm.all_platforms) for arm in content.run.scenario.arms)


def setting_note(claims: list[dict[str, Any]]) -> str:
    """How far verdicts hold beyond this setting, as the cards say or do not say; why, where they do not.

    Parameters
    ----------
    claims : list of dict
        Of claims.json.
    """
    tested = [deciding_reading(entry) for entry in claims if entry["word"] != UNTESTED]
    if not tested:
        return f"{ONE_SETTING_NOTE}."
    shown = [entry for entry in tested if shares_in(entry)]
    reasons = Counter(
        (entry.get("robustness") or {}).get("why_not") or BEFORE for entry in tested if not shares_in(entry)
    )
    on_cards = "in what share of other plausible worlds they hold and fail stands on the cards"
    if len(shown) == len(tested):
        return f"{ONE_SETTING_NOTE}; {on_cards}."
    of_each = "; of ".join(f"{counted(many, 'claim')}: {reason}" for reason, many in reasons.items())
    if shown:
        return f"{ONE_SETTING_NOTE}; {on_cards} of {counted(len(shown), 'claim')}, not on those of {of_each}."
    unknown = "how far they hold over other plausible worlds cannot be said here"
    if len(reasons) == 1:
        return f"{ONE_SETTING_NOTE}; {unknown}: {next(iter(reasons))}."
    return f"{ONE_SETTING_NOTE}; {unknown}, of {of_each}."


def limits(content: Content) -> list[str]:
    """What a reader must not conclude."""
    found = [CALIBRATION_NOTE, setting_note(content.claims["claims"])]
    if content.names.is_market:
        found.append(MARKET_NOTE)
    elif len(content.arms) > 1:
        found.append(SEPARATE_NOTE.format(noun=content.names.noun))
    found += [
        f"{remark.key}: {remark.found}; {remark.allowed}."
        for find in (coarse_merchants, shared_pasts)
        for remark in find(content.run.scenario)
    ]
    if content.worlds == 1:
        found.append("One world gives no intervals, so no claim can be decided; run more replications.")
    elif content.worlds < 5:
        found.append(f"{content.worlds} worlds give wide intervals; ten or more decide more claims.")
    return found


def _memory(most: int) -> str:
    """Memory of a process, which some systems do not tell."""
    return f", {most / 1e6:,.0f} MB of memory at most" if most else ""


def about_run(content: Content) -> list[tuple[str, str]]:
    """Facts about the run for whoever must reproduce it: term and value."""
    about = content.run.manifest
    packages = ", ".join(f"{name} {number}" for name, number in about["packages"].items() if number)
    seconds = about["seconds"]
    return [
        ("Scenario", f"{about['scenario']} (SHA-256 {about['scenario_hash'][:16]}…)"),
        ("Seed", str(about["seed"])),
        ("Started", f"{datetime.fromisoformat(about['started']):%Y-%m-%d %H:%M} UTC"),
        (
            "Simulated",
            (
                f"{counted(len(about['arms']), content.names.noun)} in "
                f"{counted(about['replications'], 'world')} each{_variants(content)}: "
                f"{three_digits(about['viewer_days'])} viewer-days"
            ),
        ),
        (
            "Time",
            (
                f"{three_digits(seconds['simulation'])} s of simulation, "
                f"{three_digits(about['viewer_days_per_second'])} viewer-days a second with "
                f"{counted(about['workers'], 'process', 'processes')} of "
                f"{counted(about['threads'], 'thread')}" + _memory(about["peak_memory_bytes"])
            ),
        ),
        ("Code", f"model {about['model_version']}, revision {_revision(about['git_revision'])}"),
        ("Versions", f"Python {about['python']} on {about['system']}; {packages}"),
    ]


def _variants(content: Content) -> str:
    """Arms with something changed, and in how many of the worlds they were run."""
    many = len(content.run.manifest["probes"])
    run = content.run.scenario.run
    worlds = min(run.probe_replications, run.replications)
    return f" and {counted(many, 'variant')} of them in {worlds:,}" if many else ""


def _revision(revision: str | None) -> str:
    if revision is None:
        return "unknown"
    return revision[:12] + (" with local changes" if revision.endswith("+changes") else "")
