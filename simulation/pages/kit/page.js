"use strict";
// Draws each figure for the present width, and again when its view or the width changes.
const figures = JSON.parse(document.getElementById("figures-data").textContent);
const phone = window.matchMedia("(max-width: 700px)");
const dark = window.matchMedia("screen and (prefers-color-scheme: dark)");
const night = {
  "#1d2733": "#e4e9ef", "#5b6775": "#a6b1bd", "#e6e9ee": "#323c47", "#c5ccd5": "#566270", "#ffffff": "#1a2128",
  "white": "#1a2128", "rgba(255,255,255,0.85)": "rgba(26,33,40,0.85)", "#444444": "#b0bac5", "#4d4d4d": "#b0bac5",
  "#7a1f2b": "#c96a78", "#7b4fa3": "#a986c9", "#0072b2": "#4aa3df",
};
const shown = {};
// Ticks as Chinese counts, by figure and axis: a figure that is saved has them too, but none that a narrow screen takes.
const counted = {};

// A copy with the colours of the ground that it is drawn on.
function inColour(part) {
  return JSON.parse(JSON.stringify(part, (key, value) =>
    dark.matches && typeof value === "string" ? night[value.toLowerCase()] || value : value));
}

function layoutOf(view) {
  if (!phone.matches) return inColour(view.layout);
  const layout = { ...view.layout, ...view.narrow };
  return inColour({ ...layout, legend: { ...layout.legend, maxheight: 1 } });
}

// One after the other, as each takes several steps.
const drawing = {};
function draw(id) {
  drawing[id] = (drawing[id] || Promise.resolve()).catch(() => {}).then(() => drawNow(id));
  return drawing[id];
}

async function drawNow(id) {
  const view = viewOf(id);
  const place = document.getElementById("plot-" + id);
  const config = { responsive: true, displaylogo: false, displayModeBar: false };
  document.getElementById("title-" + id).textContent = view.finding;
  document.getElementById("better-" + id).textContent = view.better;
  [["table-", view.table], ["data-", view.numbers]].forEach(([part, html]) => {
    const found = document.getElementById(part + id);
    if (found) found.innerHTML = html;
  });
  place.style.minHeight = layoutOf(view).height + "px";
  await Plotly.react(place, inColour(legendNames(view.data)), layoutOf(view), config);
  counted[id] = tenThousands(place);
  await relaid(place, Object.fromEntries(Object.entries(counted[id]).flatMap(([axis, chosen]) =>
    Object.entries(chosen).map(([key, value]) => [axis + "." + key, value]))));
  return fit(place);
}

// A number as Chinese counts, by ten thousands: 50万, 1.2亿.
function inChinese(value) {
  const [scale, word] = Math.abs(value) >= 1e8 ? [1e8, "亿"] : Math.abs(value) >= 1e4 ? [1e4, "万"] : [1, ""];
  return String(Number((value / scale).toPrecision(6))).replace("-", "−") + word;
}

// Ticks of axes that reach beyond ten thousand, where Chinese is spoken; Plotly knows k and M alone.
function tenThousands(place) {
  const found = {};
  if (document.documentElement.lang !== "zh") return found;
  Object.entries(place._fullLayout).filter(([name]) => /^[xy]axis\d*$/.test(name)).forEach(([name, axis]) => {
    const [low, high] = [...axis.range].sort((one, other) => one - other);
    if (axis.type !== "linear" || axis.tickmode === "array" || Math.max(-low, high) < 1e4) return;
    const step = Number(axis.dtick);
    const tickvals = [];
    for (let tick = Math.ceil(low / step); tick * step <= high; tick += 1) tickvals.push(tick * step);
    found[name] = { tickmode: "array", tickvals, ticktext: tickvals.map(inChinese) };
  });
  return found;
}

function viewOf(id) {
  return figures[id][shown[id] || 0];
}

// Lines of at most so many letters; Chinese ones take twice the room and may part anywhere.
function linesOf(text, most) {
  const lines = [""];
  let long = 0;
  text.split(/(?<=[ \u3000-\u303f\u4e00-\u9fff\uff00-\uffef])/u).forEach((part) => {
    const wide = [...part].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);
    if (long && long + wide > most) { lines.push(""); long = 0; }
    lines[lines.length - 1] += part;
    long += wide;
  });
  return lines;
}

function asText(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

// The figure by itself, on white: its title, which way is better and where it is from stand above it.
function poster(id) {
  const view = viewOf(id);
  const layout = JSON.parse(JSON.stringify(view.layout));
  Object.entries(counted[id] || {}).filter(([name]) => layout[name]).forEach(([name, ticks]) => {
    layout[name] = { ...layout[name], ...ticks };
  });
  const title = linesOf(view.finding, 104).map(asText).map((line) => "<b>" + line + "</b>");
  if (view.better) title.push('<span style="font-size:14px">' + asText(view.better) + "</span>");
  title.push('<span style="font-size:12px;color:#5b6775">' + asText(document.title) + "</span>");
  const above = 24 * title.length + 24;
  layout.width = 1100;
  layout.height += above;
  layout.margin = { ...layout.margin, t: layout.margin.t + above };
  layout.title = { text: title.join("<br>"), font: { size: 18 }, x: 0.012, xanchor: "left", y: 1, yref: "container",
    yanchor: "top", pad: { t: 16 }, automargin: false };
  return { data: view.data, layout };
}

// Rows of the table with numbers as they are; an interval has a column for either end.
function csvOf(table) {
  const quoted = (text) => '"' + text.replace(/"/g, '""') + '"';
  const [head, ...rows] = [...table.rows].map((row) => [...row.cells]);
  const ends = head.map((cell) => (cell.dataset.ends || "").split("|").filter(Boolean));
  const titles = head.flatMap((cell, place) => (ends[place].length ? ends[place] : [cell.textContent]).map(quoted));
  const lines = rows.map((row) => row.flatMap((cell, place) => {
    if (cell.tagName === "TH") return [quoted(cell.textContent)];
    const numbers = cell.dataset.v ? cell.dataset.v.split(" ") : [quoted(cell.textContent === "–" ? "" : cell.textContent)];
    return ends[place].length > numbers.length ? [...numbers, ""] : numbers;
  }));
  return [titles, ...lines].map((line) => line.join(",")).join("\r\n");
}

function keep(name, url) {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

async function save(id, form) {
  if (form === "csv") {
    const table = document.querySelector("#data-" + id + " table");
    const file = new Blob(["\ufeff" + csvOf(table)], { type: "text/csv;charset=utf-8" });
    const url = URL.createObjectURL(file);
    keep(id + ".csv", url);
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    return;
  }
  const { data, layout } = poster(id);
  const size = { format: form, width: layout.width, height: layout.height, scale: form === "png" ? 2 : 1 };
  keep(id + "." + form, await Plotly.toImage({ data, layout }, size));
}

document.querySelectorAll("button[data-save]").forEach((button) =>
  button.addEventListener("click", () => save(button.dataset.of, button.dataset.save)));

document.querySelectorAll("select[data-figure]").forEach((select) => {
  shown[select.dataset.figure] = Number(select.value);
  select.addEventListener("change", () => {
    shown[select.dataset.figure] = Number(select.value);
    draw(select.dataset.figure);
  });
});

function drawAll() {
  // One figure that cannot be drawn must not keep the others from it.
  return Promise.all(Object.keys(figures).map((id) => draw(id).catch((problem) => {
    console.error(id, problem);
    document.getElementById("plot-" + id).textContent = "This figure could not be drawn.";
  })));
}

[phone, dark].forEach((state) => state.addEventListener("change", drawAll));
let width = window.innerWidth;
let waiting;
window.addEventListener("resize", () => {
  if (window.innerWidth === width) return;
  width = window.innerWidth;
  clearTimeout(waiting);
  waiting = setTimeout(drawAll, 200);
});
