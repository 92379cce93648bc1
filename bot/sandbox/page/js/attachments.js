// Old-style attachments and files, as help-desk integrations still post them.

import { buildBlocks } from "./blocks.js";
import { h, link, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { inlineNodes, mrkdwnNodes } from "./mrkdwn.js";

const NAMED_COLORS = { good: "#2a8a5c", warning: "#c98b16", danger: "#c0392b" };

function barColor(color) {
  if (NAMED_COLORS[color]) return NAMED_COLORS[color];
  return /^#?[0-9a-f]{6}$/i.test(color ?? "") ? `#${color.replace("#", "")}` : null;
}

function fields(list) {
  return h(
    "div",
    { class: "fields" },
    list.map((field) =>
      h(
        "div",
        { class: field.short ? "" : "wide" },
        h("strong", {}, inlineNodes(field.title ?? "")),
        h("div", {}, mrkdwnNodes(field.value ?? "")),
      ),
    ),
  );
}

function attachment(item, surface) {
  const color = barColor(item.color);
  const title = item.title
    ? h(
        "div",
        { class: "attachment-title" },
        item.title_link ? link(item.title_link, inlineNodes(item.title)) : inlineNodes(item.title),
      )
    : null;
  const body = h(
    "div",
    { class: "attachment" },
    item.author_name ? h("div", { class: "quiet" }, inlineNodes(item.author_name)) : null,
    title,
    item.text ? h("div", { class: "rich" }, mrkdwnNodes(item.text)) : null,
    item.fields ? fields(item.fields) : null,
    item.blocks ? buildBlocks(item.blocks, surface) : null,
    safeUrl(item.image_url) ? h("img", { src: safeUrl(item.image_url), alt: item.title ?? "", loading: "lazy" }) : null,
    !item.text && !item.blocks && !item.fields && !item.title
      ? h("div", { class: "rich" }, mrkdwnNodes(item.fallback ?? ""))
      : null,
    item.footer ? h("div", { class: "quiet" }, inlineNodes(item.footer)) : null,
  );
  if (color) body.style.setProperty("--bar", color);
  return [item.pretext ? h("div", { class: "rich" }, mrkdwnNodes(item.pretext)) : null, body];
}

export const buildAttachments = (list, surface) => list.flatMap((item) => attachment(item, surface));

export function buildFiles(files) {
  const image = (file) => (file.mimetype ?? "").startsWith("image/") && safeUrl(file.url_private ?? "");
  return files.map((file) =>
    h(
      "div",
      { class: "file" },
      image(file) ? h("img", { src: image(file), alt: file.alt_txt ?? file.title ?? file.name ?? "" }) : null,
      icon("file"),
      link(file.url_private ?? file.permalink ?? "", file.title || file.name || "File"),
    ),
  );
}
