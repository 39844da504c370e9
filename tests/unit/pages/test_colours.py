"""Colours: things keep theirs from page to page, new ones get free ones."""

from __future__ import annotations

import tomllib

from simulation.claims.reading import read_scenario
from simulation.pages.kit.colours import PALETTE, channel_colours, coloured, platform_colours
from simulation.pages.kit.names import Names, channel_name
from simulation.platforms.channel import our_channels
from simulation.resources import PLATFORMS_FOLDER
from simulation.scenario.sections.platform import CHANNEL_SETTINGS, known_channels
from tests.support.worlds import preset, scenario


def test_whatever_has_a_colour_keeps_it_whoever_stands_beside_it() -> None:
    assert coloured({"new": "", "mine": PALETTE[3]})["mine"] == PALETTE[3]
    assert coloured({"mine": PALETTE[3], **dict.fromkeys("abcdef", "")})["mine"] == PALETTE[3]


def test_a_new_one_gets_the_same_free_colour_every_time() -> None:
    assert coloured({"wheel": ""}) == coloured({"wheel": ""})
    first = coloured({"wheel": ""})["wheel"]
    assert coloured({"other": first, "wheel": ""})["wheel"] != first


def test_no_two_are_alike_while_colours_are_free() -> None:
    names = [f"thing_{number}" for number in range(len(PALETTE))]
    assert len(set(coloured(dict.fromkeys(names, "")).values())) == len(PALETTE)
    assert len(coloured(dict.fromkeys([*names, "one_more"], ""))) == len(PALETTE) + 1


def test_of_two_that_claim_one_colour_the_second_gets_a_free_one() -> None:
    given = coloured({"a": "#D55E00", "b": "#d55e00"})
    assert given["a"] == "#D55E00" and given["b"].lower() != "#d55e00"


def test_every_channel_and_platform_of_ours_has_a_colour_of_its_own() -> None:
    ours = {name: channel.colour for name, channel in our_channels().items()}
    assert all(ours.values()) and len(set(ours.values())) == len(ours)
    assert channel_colours(["lucky_draw"]).items() > ours.items()
    tables = [tomllib.loads(file.read_text(encoding="utf-8")) for file in PLATFORMS_FOLDER.glob("*.toml")]
    assert len({table["colour"] for table in tables}) == len(tables)


def test_a_platform_has_its_colour_alone_and_in_a_market() -> None:
    taobao, tencent = preset("taobao_live"), preset("tencent_live")
    alone = scenario({"b": tencent, "a": taobao})
    market = read_scenario("late_entry")
    assert [arm.colour for arm in Names(alone).arms] == [tencent["colour"], taobao["colour"]]
    assert platform_colours(market)["taobao_live"] == taobao["colour"]


def test_settings_are_of_channels_that_there_are() -> None:
    assert set(CHANNEL_SETTINGS.values()) <= set(known_channels())


def test_a_channel_of_one_s_own_is_called_by_its_name() -> None:
    assert channel_name("lucky_draw") == "lucky draw" and channel_name("hot_list") == "hot list"
