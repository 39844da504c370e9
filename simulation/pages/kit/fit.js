// Text of figures, measured as it is drawn: none leaves its figure, and none hides another.
const ROW_OF_LEGEND = 29;
const LETTERS_OF_LEGEND = 30;
const SLACK = 3;

// Names on a phone's legend are as long as it has room for; the figure grows with the legend's rows.
function legendNames(data) {
  if (!phone.matches) return data;
  return data.map((trace) => trace.name && trace.showlegend !== false
    ? { ...trace, name: linesOf(trace.name, LETTERS_OF_LEGEND).join("<br>") } : trace);
}

function tallerLegend(place) {
  const { legend, height } = place._fullLayout;
  const drawn = phone.matches && place.querySelector(".legend") ? legend._height : 0;
  return drawn > ROW_OF_LEGEND + SLACK ? { height: height + drawn - ROW_OF_LEGEND } : {};
}

function axesOf(place) {
  return Object.entries(place._fullLayout).filter(([name]) => /^[xy]axis\d*$/.test(name));
}

// A text's corners as drawn, also of one that is turned, a little inside of its box.
function cornersOf(text) {
  const box = text.getBBox();
  const at = text.getScreenCTM();
  const [left, right, top, bottom] = [box.x + 0.5, box.x + box.width - 0.5, box.y + SLACK, box.y + box.height - SLACK];
  return [[left, top], [right, top], [right, bottom], [left, bottom]]
    .map(([x, y]) => [at.a * x + at.c * y + at.e, at.b * x + at.d * y + at.f]);
}

// Whether two turned boxes have a point in common: no side of either lies between them.
function meet(one, other) {
  const sides = [one, other].flatMap((box) => [[box[0], box[1]], [box[1], box[2]]]);
  return sides.every(([from, to]) => {
    const reach = (box) => box.map(([x, y]) => x * (to[1] - from[1]) - y * (to[0] - from[0]));
    const [first, second] = [reach(one), reach(other)];
    return Math.max(...first) > Math.min(...second) && Math.max(...second) > Math.min(...first);
  });
}

function ticksOf(place, axis) {
  return [...place.querySelectorAll(`.${axis._id}tick`)]
    .map((tick) => ({ tick: tick.__data__, text: tick.querySelector("text") }))
    .filter(({ tick, text }) => tick && text && text.textContent.trim());
}

// Numbers stand at every second tick, or fewer, where they would touch; words get more lines.
function ticksApart(place) {
  return Object.assign({}, ...axesOf(place).map(([name, axis]) => {
    const ticks = ticksOf(place, axis);
    const corners = ticks.map(({ text }) => cornersOf(text));
    const closest = (step) => corners.some((box, index) => index >= step && meet(box, corners[index - step]));
    if (!closest(1)) return {};
    const words = ticks.some(({ text }) => /[A-Za-z\u4e00-\u9fff]{2}/.test(text.textContent));
    const value = (at) => axis.type === "log" ? 10 ** at : at;
    let step = words ? 1 : 2;
    while (step < ticks.length && !words && closest(step)) step += 1;
    const zero = Math.max(ticks.findIndex(({ tick }) => tick.x === 0), 0);
    const kept = ticks.filter((_, index) => (index - zero) % step === 0).map(({ tick }) => tick);
    const room = axis._length / ticks.length;
    return {
      [name + ".tickmode"]: "array",
      [name + ".tickvals"]: kept.map((tick) => value(tick.x)),
      [name + ".ticktext"]: words
        ? ticks.map(({ tick, text }) => rewrapped(tick.text, room / text.getBBox().width)) : kept.map((tick) => tick.text),
    };
  }));
}

// A text on lines that are as much shorter as `share` says.
function rewrapped(text, share) {
  const lines = text.split("<br>");
  const most = Math.max(...lines.map((line) => [...line].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0)));
  const whole = lines.reduce((sum, line) => sum + (/[\u2e80-\uffef]$/.test(sum) ? "" : " ") + line);
  return linesOf(whole, Math.max(Math.floor(most * share), 4)).map((line) => line.trim()).join("<br>");
}

// Titles of axes on as many lines as their axis is long for.
function axisTitles(place) {
  return Object.assign({}, ...axesOf(place).map(([name, axis]) => {
    const title = place.querySelector(`.${axis._id}title`);
    if (!title || !title.textContent.trim()) return {};
    const box = title.getBBox();
    const room = Math.max(axis._length, 60);
    return box.width > room ? { [name + ".title.text"]: rewrapped(axis.title.text, room / box.width) } : {};
  }));
}

function boxOf(text) {
  const { left, right, top, bottom } = text.getBoundingClientRect();
  return { left, right, top: top + SLACK / 2, bottom: bottom - SLACK / 2 };
}

function moved(box, [across, down]) {
  return { left: box.left + across, right: box.right + across, top: box.top + down, bottom: box.bottom + down };
}

function touch(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

function within(box, edge) {
  return box.left >= edge.left && box.right <= edge.right && box.top >= edge.top && box.bottom <= edge.bottom;
}

// Ways to move a value: along its bar, or up and down beside its mark; or else it is not shown.
const WAYS = {
  along: ({ left, right }) => [1, -1, 2, -2, 3, -3].map((times) => [times * (right - left + 4), 0]),
  upright: ({ top, bottom }) => [-1, -2, 2.3, 3.3].map((times) => [0, times * (bottom - top)]),
};

// Notes of figures are moved inwards over an edge, and values that would hide another text aside.
function notesApart(place) {
  const edge = place.querySelector(".main-svg").getBoundingClientRect();
  const notes = [...place.querySelectorAll(".annotation[data-index]")].map((group) => ({
    index: group.dataset.index, text: group.querySelector(".annotation-text"),
    given: place._fullLayout.annotations[group.dataset.index],
  })).filter(({ text, given }) => text && text.textContent.trim() && !given.showarrow);
  const values = notes.filter(({ given }) => WAYS[given.name]);
  const fixed = textsOf(place).filter((text) => !values.some((value) => value.text === text) && !text.closest(".textpoint"));
  const taken = fixed.map(boxOf);
  const changes = {};
  const move = ({ index, given }, [across, down]) => Object.assign(changes, {
    [`annotations[${index}].xshift`]: (given.xshift || 0) + across, [`annotations[${index}].yshift`]: (given.yshift || 0) - down });
  notes.filter((note) => !values.includes(note)).forEach((note) => {
    const box = boxOf(note.text);
    if (box.right - box.left > edge.width) {
      changes[`annotations[${note.index}].text`] = rewrapped(note.given.text, (edge.width - 4) / (box.right - box.left));
      return;
    }
    const across = Math.max(edge.left + 1 - box.left, 0) - Math.max(box.right - edge.right + 1, 0);
    const down = Math.max(edge.top + 1 - box.top, 0) - Math.max(box.bottom - edge.bottom + 1, 0);
    if (across || down) move(note, [across, down]);
  });
  values.forEach((value) => {
    const box = boxOf(value.text);
    const ways = [[0, 0], ...WAYS[value.given.name](box)];
    const way = ways.find((one) => within(moved(box, one), edge) && !taken.some((other) => touch(moved(box, one), other)));
    if (!way) changes[`annotations[${value.index}].visible`] = false;
    else if (way[0] || way[1]) move(value, way);
    if (way) taken.push(moved(box, way));
  });
  return changes;
}

function textsOf(place) {
  return [...place.querySelectorAll(".main-svg text")].filter((text) =>
    text.textContent.trim() && !text.closest(".hoverlayer") && text.getBoundingClientRect().width);
}

const CORNERS = ["top right", "top left", "bottom right", "bottom left", "top center", "bottom center"];

// Values at points stand at the corner where they hide nothing; where there is none they are not shown.
async function pointsApart(place, moving = true) {
  const edge = place.querySelector(".main-svg").getBoundingClientRect();
  const taken = textsOf(place).filter((text) => !text.closest(".textpoint")).map(boxOf);
  const chosen = {};
  place.querySelectorAll(".scatterlayer .textpoint").forEach((point) => {
    const text = point.querySelector("text");
    const data = point.__data__;
    const trace = point.closest(".trace").__data__[0].trace;
    if (!text || !text.textContent.trim()) return;
    const now = Array.isArray(trace.textposition) ? trace.textposition[data.i] : trace.textposition;
    const box = boxOf(text);
    const [wide, tall] = [box.right - box.left, box.bottom - box.top];
    const across = { left: -1, center: 0, right: 1 };
    const [row, column] = now.split(" ");
    const places = chosen[trace.index] = chosen[trace.index] || { textposition: [], text: [] };
    const mark = marked(trace, data.i);
    const spots = [now, ...CORNERS.filter((corner) => moving && corner !== now && row !== "middle")].map((corner) => {
      const [line, side] = corner.split(" ");
      return [corner, moved(box, [(across[side] - across[column]) * (wide / 2 + mark / 2), line === row ? 0
        : (line === "top" ? -1 : 1) * (tall + mark + SLACK)])];
    });
    const found = spots.find(([, spot]) => within(spot, edge) && !taken.some((other) => touch(spot, other)));
    places.textposition[data.i] = found ? found[0] : now;
    places.text[data.i] = found ? null : "";
    if (found) taken.push(found[1]);
  });
  for (const [index, { textposition, text }] of Object.entries(chosen)) {
    const trace = place.data[index];
    await Plotly.restyle(place, {
      textposition: [Array.from(trace.x, (_, at) => textposition[at] || "top center")],
      text: [Array.from(trace.x, (_, at) => text[at] === "" ? "" : [].concat(trace.text)[at] ?? "")],
    }, [Number(index)]);
  }
}

function marked(trace, at) {
  const { size } = trace.marker || {};
  return (Array.isArray(size) ? size[at] : size) || 6;
}

async function relaid(place, changes) {
  if (Object.keys(changes).length) await Plotly.relayout(place, changes);
}

// All of it, in the order in which each depends on what went before.
async function fit(place) {
  await relaid(place, { ...ticksApart(place), ...axisTitles(place) });
  await relaid(place, tallerLegend(place));
  place.style.minHeight = place._fullLayout.height + "px";
  await relaid(place, notesApart(place));
  if (!place.querySelector(".textpoint")) return;
  await pointsApart(place);
  await pointsApart(place, false);
}
