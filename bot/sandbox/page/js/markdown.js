// The `markdown` block: the part of standard Markdown that Slack shows, as DOM nodes.

import { h, link } from "./dom.js";
import { emojiNode } from "./emoji.js";

const INLINE =
  /`([^`\n]+)`|!?\[([^\]\n]*)\]\(([^()\s]+)(?:\s+"[^"]*")?\)|\*\*(?!\s)([^\n]+?)(?<!\s)\*\*|~~([^~\n]+)~~|(?<![\p{L}\p{N}*])\*(?![\s*])([^*\n]+?)(?<!\s)\*|(?<![\p{L}\p{N}_])_(?!\s)([^_\n]+?)(?<!\s)_(?![\p{L}\p{N}])|<(https?:\/\/[^\s<>]+)>|:([a-z0-9_+'-]+):|\\([\\`*_{}[\]()#+.!~|>-])/gu;

function inlineMatch(match) {
  const [, code, label, address, strong, struck, starred, underscored, bare, emoji, escaped] = match;
  if (code !== undefined) return h("code", {}, code);
  if (address !== undefined) return link(address, markdownInline(label || address));
  if (strong !== undefined) return h("strong", {}, markdownInline(strong));
  if (struck !== undefined) return h("s", {}, markdownInline(struck));
  if (starred !== undefined) return h("em", {}, markdownInline(starred));
  if (underscored !== undefined) return h("em", {}, markdownInline(underscored));
  if (bare !== undefined) return link(bare, bare);
  return emoji !== undefined ? emojiNode(emoji) : escaped;
}

export function markdownInline(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) nodes.push(text.slice(from, match.index));
    nodes.push(inlineMatch(match));
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push(text.slice(from));
  return nodes;
}

const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/;
const ITEM = /^(\s*)(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

function cells(line) {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => markdownInline(cell.trim()));
}

function takeWhile(lines, test) {
  const taken = [];
  while (lines.length && test(lines[0])) taken.push(lines.shift());
  return taken;
}

function takeFence(lines) {
  lines.shift();
  const code = takeWhile(lines, (line) => !line.trim().startsWith("```"));
  lines.shift();
  return h("pre", {}, h("code", {}, code.join("\n")));
}

function takeTable(lines) {
  const head = cells(lines.shift());
  lines.shift();
  const rows = takeWhile(lines, (line) => line.includes("|")).map(cells);
  return h(
    "div",
    { class: "table-scroll" },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          head.map((cell) => h("th", { scope: "col" }, cell)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            row.map((cell) => h("td", {}, cell)),
          ),
        ),
      ),
    ),
  );
}

// A list and the deeper lists under its items, by indentation.
function takeList(lines) {
  const [, margin, bullet] = lines[0].match(ITEM);
  const list = h(bullet ? "ul" : "ol", {});
  while (lines.length) {
    const item = lines[0].match(ITEM);
    if (!item || item[1].length < margin.length) break;
    if (item[1].length > margin.length + 1 && list.lastChild) list.lastChild.append(takeList(lines));
    else {
      lines.shift();
      list.append(h("li", {}, markdownInline(item[4])));
    }
  }
  return list;
}

function takeBlock(lines) {
  const line = lines[0];
  const heading = line.match(HEADING);
  if (line.trim().startsWith("```")) return takeFence(lines);
  if (heading)
    return (
      lines.shift() &&
      h(
        "p",
        { class: `md-heading md-h${heading[1].length}`, role: "heading", "aria-level": 3 + heading[1].length },
        markdownInline(heading[2]),
      )
    );
  if (RULE.test(line)) return lines.shift() && h("hr");
  if (/^\s*>/.test(line))
    return h(
      "blockquote",
      {},
      markdownNodes(
        takeWhile(lines, (next) => /^\s*>/.test(next))
          .map((next) => next.replace(/^\s*>\s?/, ""))
          .join("\n"),
      ),
    );
  if (line.includes("|") && lines.length > 1 && TABLE_RULE.test(lines[1])) return takeTable(lines);
  if (ITEM.test(line)) return takeList(lines);
  const first = lines.shift();
  const rest = takeWhile(
    lines,
    (next) => next.trim() && !HEADING.test(next) && !ITEM.test(next) && !RULE.test(next) && !/^\s*(>|```)/.test(next),
  );
  return h(
    "p",
    {},
    [first, ...rest].flatMap((text, index) => (index ? [h("br"), ...markdownInline(text)] : markdownInline(text))),
  );
}

export function markdownNodes(text) {
  const lines = text.split("\n");
  const nodes = [];
  while (lines.length) {
    if (lines[0].trim() === "") lines.shift();
    else nodes.push(takeBlock(lines));
  }
  return nodes;
}
