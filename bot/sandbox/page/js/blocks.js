// Block Kit's layout blocks as DOM nodes.

import { freshId, h, safeUrl } from "./dom.js";
import { buildChart } from "./charts.js";
import { buildElement, buildValued } from "./elements.js";
import { controlled } from "./interact.js";
import { icon } from "./icons.js";
import { markdownNodes } from "./markdown.js";
import { plainText, textObject } from "./mrkdwn.js";
import { richTextNodes } from "./rich_text.js";
import { buildTable } from "./tables.js";

function section(block, surface) {
  const fields = block.fields
    ? h(
        "div",
        { class: "fields" },
        block.fields.map((field) => h("div", {}, textObject(field, { block: true }))),
      )
    : null;
  const body = h(
    "div",
    { class: "section-body" },
    block.text ? h("div", { class: "rich" }, textObject(block.text, { block: true })) : null,
    fields,
  );
  const accessory = block.accessory
    ? h("div", { class: "accessory" }, buildElement(block.accessory, surface, block.block_id))
    : null;
  return h("div", { class: accessory ? "section with-accessory" : "section" }, body, accessory);
}

function actions(block, surface) {
  return h(
    "div",
    { class: "button-row" },
    block.elements.map((element) => buildElement(element, surface, block.block_id)),
  );
}

function context(block, surface) {
  const part = (element) =>
    element.type === "image"
      ? buildElement(element, surface, block.block_id)
      : h("span", { class: "rich" }, textObject(element, { block: true }));
  return h("div", { class: "context" }, block.elements.map(part));
}

function image(block) {
  const uploaded = block.slack_file?.id ? `${location.origin}/files/${encodeURIComponent(block.slack_file.id)}` : "";
  const address = safeUrl(block.image_url ?? block.slack_file?.url ?? uploaded);
  return h(
    "figure",
    { class: "image" },
    block.title ? h("figcaption", {}, textObject(block.title)) : null,
    h("img", { src: address ?? "", alt: block.alt_text ?? "", loading: "lazy", referrerpolicy: "no-referrer" }),
  );
}

// An input block: label, control, hint and room for an error, tied together for screen readers.
function input(block, surface) {
  const { element } = block;
  const id = freshId("input");
  const label = plainText(block.label?.text);
  const control = buildValued(element, surface, block.block_id, { label, immediate: Boolean(block.dispatch_action) });
  if (!control) return unsupported({ type: element.type });
  control.setAttribute("aria-describedby", `${id}-hint ${id}-error`);
  if (!block.optional && control.matches("input, textarea, select, [role=radiogroup]"))
    control.setAttribute("aria-required", "true");
  return h(
    "div",
    { class: "field", data: { "field-for": block.block_id } },
    h(
      "div",
      { class: "label", "aria-hidden": "true", on: { click: () => control.focus() } },
      textObject(block.label),
      block.optional ? h("span", { class: "quiet" }, " (optional)") : null,
    ),
    controlled(surface, block.block_id, element, control),
    h("div", { class: "hint", id: `${id}-hint` }, block.hint ? textObject(block.hint) : null),
    h("div", { class: "field-error", id: `${id}-error`, role: "alert", data: { testid: "field-error" } }),
  );
}

function card(block, surface) {
  const line = (name) =>
    block[name]
      ? h("div", { class: `card-${name}` }, typeof block[name] === "string" ? block[name] : textObject(block[name]))
      : null;
  return h(
    "div",
    { class: "card" },
    line("title"),
    line("subtitle"),
    line("body"),
    block.actions ? actions({ elements: block.actions, block_id: block.block_id }, surface) : null,
  );
}

function container(block, surface) {
  const inner = buildBlocks(block.child_blocks ?? [], surface);
  const title = block.title ? h("strong", {}, textObject(block.title)) : "Details";
  return block.is_collapsible
    ? h("details", { class: "card", open: !block.default_collapsed }, h("summary", {}, title), inner)
    : h("div", { class: "card" }, block.title ? title : null, inner);
}

function unsupported(block) {
  return h("p", { class: "unsupported" }, `Block “${block.type}” is not shown here.`);
}

const BUILDERS = {
  section,
  actions,
  context,
  image,
  input,
  card,
  container,
  header: (block) => h("div", { class: "header", role: "heading", "aria-level": "3" }, textObject(block.text)),
  divider: () => h("hr"),
  rich_text: (block) => h("div", { class: "rich" }, richTextNodes(block)),
  markdown: (block) => h("div", { class: "rich" }, markdownNodes(block.text)),
  table: buildTable,
  data_table: buildTable,
  data_visualization: buildChart,
  context_actions: actions,
  carousel: (block, surface) =>
    h(
      "div",
      { class: "carousel" },
      (block.elements ?? block.cards ?? []).map((item) => card(item, surface)),
    ),
  alert: (block) =>
    h(
      "div",
      { class: `alert-block ${block.level ?? ""}`, role: "note" },
      icon("warning"),
      h("span", {}, textObject(block.text)),
    ),
};

export function buildBlocks(blocks, surface) {
  return h(
    "div",
    { class: "blocks" },
    blocks.map((block) =>
      h(
        "div",
        { class: `block block-${block.type}`, data: { "block-id": block.block_id, "block-type": block.type } },
        (BUILDERS[block.type] ?? unsupported)(block, surface),
      ),
    ),
  );
}
