// Draws what a table says: <figure data-chart data-table data-label data-values> names a table and its columns.
// The table stays: a chart adds nothing that it does not say.

const INK = "#1d2125";
const LINE = "#e2e5e8";
const COLOURS = ["#285a8c", "#b0281f"];
const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

const text = (row, place) => row.cells[place].textContent.trim();
const number = (row, place) => {
  const found = Number.parseFloat(text(row, place));
  return Number.isNaN(found) ? null : found;
};

function options(figure, table) {
  const rows = [...table.tBodies[0].rows];
  const labels = rows.map((row) => text(row, Number(figure.dataset.label)));
  const places = figure.dataset.values.split(",").map(Number);
  const isBar = figure.dataset.chart === "bar";
  const names = { type: "category", data: labels, inverse: isBar, axisLabel: { color: INK }, axisTick: { show: false } };
  const values = places.map((place, n) => ({
    type: "value", name: isBar ? "" : text(table.tHead.rows[0], place), position: n ? "right" : "left",
    splitLine: { show: n === 0, lineStyle: { color: LINE } }, axisLabel: { color: INK }, minInterval: n ? 1 : 0,
  }));
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: INK },
    color: COLOURS,
    grid: { left: 8, right: 24, top: isBar ? 8 : 44, bottom: 8, containLabel: true },
    legend: isBar ? undefined : { top: 0 },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true },
    xAxis: isBar ? values[0] : names,
    yAxis: isBar ? names : values,
    series: places.map((place, n) => ({
      name: text(table.tHead.rows[0], place), type: figure.dataset.chart, data: rows.map((row) => number(row, place)),
      barMaxWidth: 16, [isBar ? "xAxisIndex" : "yAxisIndex"]: isBar ? 0 : n,
      label: { show: isBar, position: "right", color: INK },
    })),
  };
}

function draw(figure) {
  const table = document.getElementById(figure.dataset.table);
  if (!table || !table.tBodies[0].rows.length) return;
  figure.hidden = false;
  const chart = window.echarts.init(figure, null, { renderer: "canvas" });
  if (figure.dataset.chart === "bar") chart.resize({ height: Math.max(120, 26 * table.tBodies[0].rows.length + 40) });
  figure.style.height = `${chart.getHeight()}px`;
  chart.setOption(options(figure, table));
  window.addEventListener("resize", () => chart.resize({ width: "auto" }));
}

if (window.echarts) document.querySelectorAll("figure[data-chart]").forEach(draw);
