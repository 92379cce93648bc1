// Charts of Block Kit (`data_visualization`): lines, areas and bars drawn, segments listed; the figures are read aloud.

import { h } from "./dom.js";
import { buildTable } from "./tables.js";

const COLORS = ["#1264a3", "#2bac76", "#e8912d", "#8d5bb8", "#cc4b6b", "#4a8fa8"];
const WIDE = 520;
const HIGH = 220;
const LEFT = 44;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 28;

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children.flat(Infinity));
  return node;
}

// A round number that no value exceeds.
function ceiling(values) {
  const most = Math.max(...values, 1e-9);
  const step = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 2.5, 5, 10].map((times) => times * step).find((top) => top >= most);
}

function valueOf(series, category) {
  return series.data.find((point) => point.label === category)?.value ?? 0;
}

// Where things stand on the drawing: category number and value to pixels.
function scale(categories, top) {
  const room = WIDE - LEFT - RIGHT;
  return {
    x: (place) => LEFT + (room * (place + 0.5)) / categories.length,
    y: (value) => HIGH - BOTTOM - ((HIGH - BOTTOM - TOP) * value) / top,
    step: room / categories.length,
  };
}

function axes(categories, top, at, unit) {
  const lines = [0, 0.5, 1].map((part) => {
    const y = at.y(top * part);
    const label = `${Number((top * part).toPrecision(3))}${unit}`;
    return [
      svg("line", { x1: LEFT, x2: WIDE - RIGHT, y1: y, y2: y, class: "chart-grid" }),
      svg("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, label),
    ];
  });
  const every = Math.ceil(categories.length / 6);
  const names = categories.map((name, place) =>
    place % every ? [] : svg("text", { x: at.x(place), y: HIGH - 8, "text-anchor": "middle" }, name),
  );
  return [lines, names];
}

function line(series, number, categories, at, isArea) {
  const points = categories.map((name, place) => [at.x(place), at.y(valueOf(series, name))]);
  const path = points.map(([x, y]) => `${x},${y}`).join(" ");
  const color = COLORS[number % COLORS.length];
  const floor = `${at.x(0)},${at.y(0)} ${path} ${at.x(categories.length - 1)},${at.y(0)}`;
  return [
    isArea ? svg("polygon", { points: floor, fill: color, opacity: 0.2 }) : [],
    svg("polyline", { points: path, fill: "none", stroke: color, "stroke-width": 2.5 }),
    points.map(([x, y]) => svg("circle", { cx: x, cy: y, r: 3.5, fill: color })),
  ];
}

function bars(series, number, count, categories, at) {
  const width = (at.step * 0.7) / count;
  return categories.map((name, place) => {
    const value = valueOf(series, name);
    const x = at.x(place) - (width * count) / 2 + number * width;
    const fill = COLORS[number % COLORS.length];
    return svg("rect", { x, y: at.y(value), width, height: at.y(0) - at.y(value), fill });
  });
}

function drawing(chart) {
  const { categories } = chart.axis_config;
  const top = ceiling(chart.series.flatMap((series) => series.data.map((point) => point.value)));
  const at = scale(categories, top);
  const draw = (series, number) =>
    chart.type === "bar"
      ? bars(series, number, chart.series.length, categories, at)
      : line(series, number, categories, at, chart.type === "area");
  const unit = chart.axis_config.y_label === "%" ? "%" : "";
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "chart-drawing", "aria-hidden": "true" },
    axes(categories, top, at, unit),
    chart.series.map(draw),
  );
}

function legend(chart) {
  const entry = (series, number) => {
    const swatch = h("span", { class: "chart-swatch" });
    swatch.style.setProperty("--swatch", COLORS[number % COLORS.length]);
    return h("span", { class: "chart-entry" }, swatch, series.name);
  };
  return h("div", { class: "chart-legend" }, chart.series.map(entry));
}

function spoken(chart) {
  const told = (series) => `${series.name}: ${series.data.map((point) => `${point.label} ${point.value}`).join(", ")}`;
  return chart.series.map(told).join(". ");
}

function segments(chart) {
  const rows = chart.segments.map((one) => [
    { type: "raw_text", text: one.label },
    { type: "raw_number", value: one.value },
  ]);
  return buildTable({ rows: [[{ type: "raw_text", text: "Part" }, { type: "raw_text", text: "Value" }], ...rows] });
}

export function buildChart(block) {
  const { chart } = block;
  const isDrawn = Boolean(chart.series);
  return h(
    "figure",
    { class: "chart", data: { testid: "chart" } },
    h("figcaption", {}, block.title),
    isDrawn ? [legend(chart), drawing(chart), h("p", { class: "visually-hidden" }, spoken(chart))] : segments(chart),
  );
}
