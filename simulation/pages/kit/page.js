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

// A copy with the colours of the ground that it is drawn on.
function inColour(part) {
  return JSON.parse(JSON.stringify(part, (key, value) =>
    dark.matches && typeof value === "string" ? night[value.toLowerCase()] || value : value));
}

function layoutOf(view) {
  return inColour(phone.matches ? { ...view.layout, ...view.narrow } : view.layout);
}

async function draw(id) {
  const view = figures[id][shown[id] || 0];
  const place = document.getElementById("plot-" + id);
  const config = {
    responsive: true, displaylogo: false, displayModeBar: phone.matches ? false : "hover",
    modeBarButtons: [["toImage"]], toImageButtonOptions: { filename: id, scale: 2 },
  };
  document.getElementById("title-" + id).textContent = view.finding;
  const table = document.getElementById("table-" + id);
  if (table) table.innerHTML = view.table;
  place.style.minHeight = layoutOf(view).height + "px";
  return Plotly.react(place, inColour(view.data), layoutOf(view), config);
}

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
drawAll().then(() => { document.body.dataset.drawn = "yes"; });
