// The `rich_text` block: sections, lists, quotes and preformatted text.

import { h, link } from "./dom.js";
import { emojiNode } from "./emoji.js";
import { formatDate } from "./format.js";
import { mention } from "./mrkdwn.js";
import { store, userName } from "./store.js";

const STYLE_TAGS = [
  ["code", "code"],
  ["bold", "strong"],
  ["italic", "em"],
  ["strike", "s"],
  ["underline", "u"],
];

function withStyle(node, style = {}) {
  return STYLE_TAGS.reduce((inner, [name, tag]) => (style[name] ? h(tag, {}, inner) : inner), node);
}

function lines(text) {
  return h(
    "span",
    {},
    text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : line)),
  );
}

const ELEMENTS = {
  text: (element) => lines(element.text),
  link: (element) => link(element.url, element.text || element.url),
  user: (element) => mention("user", element.user_id, `@${userName(element.user_id)}`),
  channel: (element) =>
    mention("channel", element.channel_id, `#${store.channels.get(element.channel_id)?.name ?? "private channel"}`),
  usergroup: (element) => mention("group", element.usergroup_id, `@${element.usergroup_id}`),
  broadcast: (element) => mention("broadcast", element.range, `@${element.range}`),
  emoji: (element) => emojiNode(element.skin_tone ? `${element.name}::skin-tone-${element.skin_tone}` : element.name),
  date: (element) => document.createTextNode(formatDate(element.timestamp, element.format) ?? element.fallback ?? ""),
  color: (element) => document.createTextNode(element.value),
};

function inline(elements) {
  return (elements ?? []).map((element) => {
    const build = ELEMENTS[element.type];
    return build ? withStyle(build(element), element.style) : null;
  });
}

function list(part) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const depth = Math.min(Number(part.indent ?? 0), 8);
  const node = h(tag, {
    class: `indent-${depth}`,
    start: tag === "ol" && part.offset ? Number(part.offset) + 1 : null,
  });
  for (const item of part.elements ?? []) node.append(h("li", {}, inline(item.elements)));
  return node;
}

const PARTS = {
  rich_text_section: (part) => h("div", { class: "lines" }, inline(part.elements)),
  rich_text_list: list,
  rich_text_quote: (part) => h("blockquote", {}, inline(part.elements)),
  rich_text_preformatted: (part) => h("pre", {}, h("code", {}, inline(part.elements))),
};

export function richTextNodes(block) {
  return (block.elements ?? []).map((part) => PARTS[part.type]?.(part) ?? null);
}
