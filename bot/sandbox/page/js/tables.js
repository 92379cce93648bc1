// Tables of Block Kit: `table` and `data_table`.

import { h } from "./dom.js";
import { plainNodes, textObject } from "./mrkdwn.js";
import { richTextNodes } from "./rich_text.js";

function cellContent(cell) {
  if (cell.type === "rich_text") return richTextNodes(cell);
  if (cell.type === "raw_number") return String(cell.value ?? cell.text ?? "");
  return plainNodes(String(cell.text ?? ""), false);
}

function cellNode(tag, cell, setting = {}) {
  const align = ["left", "center", "right"].includes(setting.align)
    ? setting.align
    : cell.type === "raw_number"
      ? "right"
      : "left";
  return h(
    tag,
    { class: `align-${align}${setting.is_wrapped ? " wrapped" : ""}`, scope: tag === "th" ? "col" : null },
    cellContent(cell),
  );
}

// Rows of cells; the first row names the columns.
export function buildTable(block) {
  const [head = [], ...rows] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  const row = (tag) => (cells) =>
    h(
      "tr",
      {},
      cells.map((cell, column) => cellNode(tag, cell, settings[column] ?? {})),
    );
  const caption = typeof block.caption === "string" ? block.caption : block.caption ? textObject(block.caption) : null;
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" },
    h(
      "table",
      {},
      caption ? h("caption", {}, caption) : null,
      h("thead", {}, row("th")(head)),
      h("tbody", {}, rows.map(row("td"))),
    ),
  );
}
