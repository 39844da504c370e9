"""What was run, how, and what it does not show."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from ...archive.added_since import added_in_words
from ...checking.remarks import coarse_merchants, shared_pasts
from ...checking.shops import mere_labels
from ...claims.whole import UNTESTED
from ...ensembles.analysis.wording import factor_name
from ...languages.speaking import counterpart, listing, phrase, phrase_of, sentences, template, told
from ...measures.registry import without_days
from ...scenario.tables import NO_PAST, OWN
from ...storage.manifest import CAME_WITH, MODEL_VERSION
from ...validation.shares import why_not_told
from ...words import counted
from ..kit.words import three_digits, whole
from .content import Content
from .sentences import shares_in
from .standing import large_shops_said
from .verdict_cards import deciding_reading

CALIBRATION_NOTE = template(
    "Many parameters are assumptions: few figures of the time are public, and shares, tastes, trust and "
    "costs were set to plausible values. The scenario file marks each of them."
)
ONE_SETTING_NOTE = template(
    "Every verdict holds for one setting of the parameters. The intervals express luck within that setting "
    "only."
)
BEFORE = template(
    "an earlier version did not check whether they were weighed in worlds like this one; run it again"
)
COUNTED = {
    "world.viewers": "viewer",
    "world.merchants": "merchant",
    "world.days": "day",
    "run.replications": "world",
}
"""What sizes count, by their keys."""
SEPARATE_NOTE = template(
    "Each platform is run alone with the same people and shops. Nobody moves between platforms, so nothing "
    "here is about competition for the same viewers."
)
SEPARATE_ARMS_NOTE = template(
    "Each arm is run alone with the same people and shops. Nobody moves between arms, so nothing here is "
    "about competition for the same viewers."
)
MARKET_NOTE = template(
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
    return sentences([_size(content, values), *said])


def _size(content: Content, values: dict[str, str]) -> str:
    """How large the run was, and what its arms have in common."""
    if len(content.arms) == 1:
        return phrase(
            "Simulated: {viewers} viewers standing for {persons} people, merchants at the start: "
            "{merchants}, days: {days}, worlds: {worlds}, all on {arm}.",
            **values,
        )
    if content.names.are_platforms:
        return phrase(
            "Simulated: {viewers} viewers standing for {persons} people, merchants at the start: "
            "{merchants}, days: {days}, worlds: {worlds} on each of {arms} platforms, with the same people, "
            "shops and luck on each, so that differences come from the platforms.",
            **values,
        )
    if content.names.is_market:
        return phrase(
            "Simulated: {viewers} viewers standing for {persons} people, merchants at the start: "
            "{merchants}, days: {days}, worlds: {worlds} in each of {arms} arms, which have up to {most} "
            "platforms in one market, with the same people, shops and luck, so that differences come from "
            "what the arms change.",
            **values,
        )
    return phrase(
        "Simulated: {viewers} viewers standing for {persons} people, merchants at the start: {merchants}, "
        "days: {days}, worlds: {worlds} in each of {arms} arms, with the same people, shops and luck in "
        "each, so that differences come from what the arms change.",
        **values,
    )


def made_line(content: Content) -> str:
    """That a run came with the laboratory, how it is smaller, that another version made it, and what it has
    not measured, if so."""
    about, said = content.run.manifest, []
    if came := about.get(CAME_WITH):
        changes = listing([_setting(key, value) for key, value in came["changes"].items()])
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
    return sentences([*said, added_in_words(content.run.results.lacking)])


def _setting(key: str, value: Any) -> str:
    """A setting of a run that came with the laboratory: ``10,000 viewers`` where its key counts things."""
    if key in COUNTED:
        return told(counted(value, COUNTED[key]))
    return f"{told(factor_name(key))} = {value}"


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
    note = counterpart(ONE_SETTING_NOTE)
    if not tested:
        return note
    shown = [entry for entry in tested if shares_in(entry)]
    reasons = Counter(
        (entry.get("robustness") or {}).get("why_not") or BEFORE for entry in tested if not shares_in(entry)
    )
    said = [note]
    if shown:
        said.append(
            phrase_of(
                "In what share of other plausible worlds it holds and fails stands on the cards of {count} "
                "claim.",
                "In what share of other plausible worlds they hold and fail stands on the cards of {count} "
                "claims.",
                len(shown),
            )
        )
    said += [
        phrase_of(
            "Of {count} claim it cannot be said here how far it holds over other plausible worlds: {why}.",
            "Of {count} claims it cannot be said here how far they hold over other plausible worlds: {why}.",
            many,
            why=why_not_told(reason),
        )
        for reason, many in reasons.items()
    ]
    return sentences(said)


def limits(content: Content) -> list[str]:
    """What a reader must not conclude."""
    found = [counterpart(CALIBRATION_NOTE), setting_note(content.claims["claims"])]
    if content.names.is_market:
        found.append(counterpart(MARKET_NOTE))
    elif len(content.arms) > 1:
        found.append(counterpart(SEPARATE_NOTE if content.names.are_platforms else SEPARATE_ARMS_NOTE))
    found += [
        phrase(
            "{key}: {found}; {allowed}.",
            key=remark.key,
            found=told(remark.found),
            allowed=told(remark.allowed),
        )
        for find in (mere_labels, coarse_merchants, shared_pasts)
        for remark in find(content.run.scenario)
    ]
    found += large_shops_said(content)
    if content.worlds == 1:
        found.append(
            phrase("One world gives no intervals, so no claim can be decided; run more replications.")
        )
    elif content.worlds < 5:
        found.append(
            phrase("{count} worlds: wide intervals; ten or more decide more claims.", count=content.worlds)
        )
    return found


def about_run(content: Content) -> list[tuple[str, str]]:
    """Facts about the run for whoever must reproduce it: term and value."""
    about = content.run.manifest
    packages = ", ".join(f"{name} {number}" for name, number in about["packages"].items() if number)
    seconds = about["seconds"]
    simulated = phrase(
        "arms: {arms}, worlds: {worlds}, viewer-days: {days}",
        arms=len(about["arms"]),
        worlds=f"{about['replications']:,}",
        days=three_digits(about["viewer_days"]),
    )
    return [
        (phrase("Scenario"), f"{about['scenario']} (SHA-256 {about['scenario_hash'][:16]}…)"),
        (phrase("Seed"), str(about["seed"])),
        (phrase("Started"), f"{datetime.fromisoformat(about['started']):%Y-%m-%d %H:%M} UTC"),
        (phrase("Simulated"), sentences([simulated, _variants(content)])),
        (
            phrase("Time"),
            phrase(
                "{seconds} s of simulation, {rate} viewer-days a second; processes: {workers}, threads of "
                "each: {threads}, memory at most: {memory} MB",
                seconds=three_digits(seconds["simulation"]),
                rate=three_digits(about["viewer_days_per_second"]),
                workers=about["workers"],
                threads=about["threads"],
                memory=f"{about['peak_memory_bytes'] / 1e6:,.0f}",
            ),
        ),
        (
            phrase("Code"),
            phrase(
                "model {version}, revision {revision}",
                version=about["model_version"],
                revision=_revision(about["git_revision"]),
            ),
        ),
        (phrase("Versions"), f"Python {about['python']}, {about['system']}; {packages}"),
    ]


def _variants(content: Content) -> str:
    """Arms with something changed, and in how many of the worlds they were run."""
    many = len(content.run.manifest["probes"])
    if not many:
        return ""
    run = content.run.scenario.run
    worlds = min(run.probe_replications, run.replications)
    return phrase("(variants of them: {many}, worlds of these: {worlds})", many=many, worlds=worlds)


def _revision(revision: str | None) -> str:
    if revision is None:
        return phrase("unknown")
    if revision.endswith("+changes"):
        return phrase("{revision} with local changes", revision=revision[:12])
    return revision[:12]
