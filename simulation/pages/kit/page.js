"use strict";
// Draws each figure for the present width, and again when its view or the width changes.
const figures = JSON.parse(document.getElementById("figures-data").textContent);
const phone = window.matchMedia("(max-width: 700px)");
const shown = {};

function layoutOf(view) {
  const layout = structuredClone(view.layout);
  return phone.matches ? Object.assign(layout, structuredClone(view.narrow)) : layout;
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
  return Plotly.react(place, structuredClone(view.data), layoutOf(view), config);
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

phone.addEventListener("change", drawAll);
drawAll().then(() => { document.body.dataset.drawn = "yes"; });
