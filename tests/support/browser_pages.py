"""Opening a report in a real browser, shared by the tests of pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page

DESKTOP, PHONE = (1280, 900), (390, 844)
DESK = (1440, 900)
"""Where a whole first screen has to be seen without scrolling."""
OVERLAPS = """() => {
  const parts = [...document.querySelectorAll("header, .answer, .number-card, .seen > *")];
  const boxes = parts.map((part) => part.getBoundingClientRect());
  const hits = [];
  boxes.forEach((one, i) => boxes.slice(i + 1).forEach((other, j) => {
    const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    if (across > 1 && down > 1) hits.push([parts[i].className, parts[i + 1 + j].className]);
  }));
  return hits;
}"""
CUT_OFF = """() => [...document.querySelectorAll(".number-card, .todo, .answer, .seen .exhibit")]
  .filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.className)"""
MISPLACED_TEXT = """() => {
  const hits = [];
  for (const svg of document.querySelectorAll("svg.effects")) {
    const edge = svg.getBoundingClientRect();
    if (!edge.width) continue;
    const placed = (part, name) => [name, part.getBoundingClientRect()];
    const texts = [...svg.querySelectorAll("text")].map((text) => placed(text, text.textContent));
    const marks = [...svg.querySelectorAll(".dot")].map((dot) => placed(dot, "a dot"));
    texts.forEach(([name, box], i) => {
      if (box.left < edge.left - 1 || box.right > edge.right + 1) hits.push([name, "leaves its picture"]);
      [...texts.slice(i + 1), ...marks].forEach(([other, place]) => {
        const across = Math.min(box.right, place.right) - Math.max(box.left, place.left);
        const down = Math.min(box.bottom, place.bottom) - Math.max(box.top, place.top);
        if (across > 1 && down > 3) hits.push([name, "over " + other]);
      });
    });
    const size = parseFloat(getComputedStyle(svg.querySelector(".tick, text")).fontSize);
    if (size * edge.width / svg.viewBox.baseVal.width < 11) hits.push(["0", "is too small to be read"]);
  }
  return hits;
}"""
"""Text in a picture of the first screen that is cut off, hides another or a dot, or is tiny."""
MISPLACED_LABELS = """() => {
  const hits = [];
  for (const plot of document.querySelectorAll(".plot")) {
    const edge = plot.querySelector(".main-svg").getBoundingClientRect();
    const texts = [...plot.querySelectorAll(".main-svg text")]
      .filter((text) => text.textContent.trim() && !text.closest(".hoverlayer"))
      .map((text) => [text.textContent, text.getBoundingClientRect()]).filter(([, box]) => box.width);
    texts.forEach(([name, box], i) => {
      if (box.left < edge.left - 1.5 || box.right > edge.right + 1.5) hits.push([plot.id, name, "is cut"]);
      texts.slice(i + 1).forEach(([other, place]) => {
        const across = Math.min(box.right, place.right) - Math.max(box.left, place.left);
        const down = Math.min(box.bottom, place.bottom) - Math.max(box.top, place.top);
        if (across > 1.5 && down > 6) hits.push([plot.id, name, "over " + other]);
      });
    });
  }
  return hits;
}"""
"""Text of figures that is cut off or hides another."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]


@dataclass
class Opened:
    """A page with whatever went wrong on it and whatever it asked for."""

    page: Page
    size: tuple[int, int]
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def opened(browser: Browser, folder: Path, size: tuple[int, int]) -> Iterator[Opened]:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    result = Opened(page, size)
    page.on("request", lambda request: result.requests.append(request.url))
    page.on("pageerror", lambda error: result.problems.append(str(error)))
    page.on(
        "console",
        lambda message: (
            result.problems.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    page.goto((folder / "report.html").as_uri())
    page.wait_for_selector("body[data-drawn=yes]")
    yield result
    page.close()


def undrawn(page: Page) -> list[str]:
    """Figures without a single drawn mark."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.plot')].filter((plot) =>
            plot.querySelectorAll('.scatterlayer path, .barlayer path').length === 0
        ).map((plot) => plot.id)"""
    )


def check_every_view(report: Opened) -> None:
    """Every view of every figure is drawn, nothing is fetched and nothing goes wrong."""
    page = report.page
    assert undrawn(page) == []
    for select in page.locator("select").all():
        values = [option.get_attribute("value") for option in select.locator("option").all()]
        for value in reversed(values):  # the first one last, so that the page is left as it was
            select.select_option(value)
            assert undrawn(page) == []
    assert report.problems == []
    assert [url for url in report.requests if not url.startswith(("file:", "data:", "blob:"))] == []


def first_screen_problems(page: Page, file: Path) -> list[str]:
    """What overflows, overlaps or is cut off on a file's first screen, on a desk and on a phone, and what of
    it lies below the edge of a desk's screen."""
    found = []
    for name, (width, height) in {"desk": DESK, "phone": PHONE}.items():
        page.set_viewport_size({"width": width, "height": height})
        page.goto(file.as_uri())
        if page.locator("#figures-data").count():
            page.wait_for_selector("body[data-drawn=yes]")
        if page.evaluate("document.documentElement.scrollWidth - window.innerWidth") > 0:
            found.append(f"{name}: scrolls sideways")
        found += [f"{name}: {hit} overlap" for hit in page.evaluate(OVERLAPS)]
        found += [f"{name}: {part} is cut off" for part in page.evaluate(CUT_OFF)]
        found += [f"{name}: “{text}” {what}" for text, what in page.evaluate(MISPLACED_TEXT)]
        parts = (
            ["#question", ".answer", ".numbers", ".seen > *"] if (width, height) == DESK else ["#question"]
        )
        for part in parts:
            for place in page.locator(part).all():
                box = place.bounding_box()
                assert box is not None
                if box["y"] + box["height"] > height:
                    found.append(f"{name}: {part} ends at {box['y'] + box['height']:.0f}")
    return found
