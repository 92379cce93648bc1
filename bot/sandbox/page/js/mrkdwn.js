// Slack's mrkdwn to DOM nodes: every piece of text ends as a text node.

import { h, link } from "./dom.js";
import { emojiNode } from "./emoji.js";
import { formatDate } from "./format.js";
import { store, userName } from "./store.js";

// A run between markers may hold whole <...> references but no line break.
const run = (mark) =>
  `(?<![\\p{L}\\p{N}${mark}])${mark}(?![\\s${mark}])((?:<[^<>\\n]*>|[^${mark}<\\n])+?)(?<!\\s)${mark}(?![\\p{L}\\p{N}${mark}])`;
const INLINE = new RegExp(
  `\`([^\`\\n]+)\`|<([^<>\\n]+)>|:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):|${run("\\*")}|${run("_")}|${run("~")}`,
  "gu",
);
const STYLES = [null, null, null, null, "strong", "em", "s"];

export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

export function mention(kind, id, label) {
  const mine = kind === "user" && id === store.me?.id;
  return h(
    "span",
    { class: mine ? "mention mention-me" : "mention", data: { mention: kind, "mention-id": id } },
    label,
  );
}

function channelMention(id, label) {
  const channel = store.channels.get(id);
  return mention("channel", id, `#${channel ? channel.name : label || "private channel"}`);
}

function specialMention(body) {
  const [command, label] = body.split("|", 2);
  if (["here", "channel", "everyone"].includes(command)) return mention("broadcast", command, `@${command}`);
  if (command.startsWith("subteam^")) return mention("group", command.slice(8), label ? unescape(label) : "@group");
  if (command.startsWith("date^")) return dateNode(command, label);
  return document.createTextNode(unescape(label ?? `<!${command}>`));
}

function dateNode(command, label) {
  const [, unix, pattern = "", address] = command.split("^");
  const text = formatDate(unix, unescape(pattern)) ?? unescape(label ?? "");
  return address ? link(unescape(address), text) : document.createTextNode(text);
}

// What stands between < and >: a mention, a command or a link.
function reference(body) {
  const [target, label] = [body.split("|", 1)[0], body.includes("|") ? body.slice(body.indexOf("|") + 1) : ""];
  if (/^@[UWB]/.test(target))
    return mention(
      "user",
      target.slice(1),
      `@${store.users.has(target.slice(1)) ? userName(target.slice(1)) : label || target.slice(1)}`,
    );
  if (/^#[CGD]/.test(target)) return channelMention(target.slice(1), unescape(label));
  if (target.startsWith("!")) return specialMention(body.slice(1));
  return link(unescape(target), label ? inlineNodes(label) : unescape(target));
}

function styled(match) {
  for (const group of [4, 5, 6]) {
    if (match[group] !== undefined) return h(STYLES[group], {}, inlineNodes(match[group]));
  }
  return null;
}

export function inlineNodes(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) nodes.push(unescape(text.slice(from, match.index)));
    if (match[1] !== undefined) nodes.push(h("code", {}, unescape(match[1])));
    else if (match[2] !== undefined) nodes.push(reference(match[2]));
    else if (match[3] !== undefined) nodes.push(emojiNode(match[3]));
    else nodes.push(styled(match));
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push(unescape(text.slice(from)));
  return nodes;
}

const BULLET = /^(\s*)(?:[•◦▪]|[-*](?=\s))\s*(.*)$/u;
const NUMBER = /^(\s*)(\d{1,3})[.)]\s+(.*)$/;
const QUOTE = /^(?:&gt;|>)\s?(.*)$/;

function lineKind(line) {
  if (QUOTE.test(line)) return "quote";
  if (BULLET.test(line)) return "bullet";
  if (NUMBER.test(line)) return "number";
  return "text";
}

function listItem(kind, line) {
  const match = line.match(kind === "bullet" ? BULLET : NUMBER);
  const nested = match[1].length > 1 ? "nested" : null;
  return h("li", { class: nested, value: kind === "number" ? Number(match[2]) : null }, inlineNodes(match.at(-1)));
}

function group(kind, lines) {
  if (kind === "bullet")
    return h(
      "ul",
      {},
      lines.map((line) => listItem(kind, line)),
    );
  if (kind === "number")
    return h(
      "ol",
      {},
      lines.map((line) => listItem(kind, line)),
    );
  if (kind === "quote") return h("blockquote", {}, textLines(lines.map((line) => line.match(QUOTE)[1])));
  return h("div", { class: lines[0].trim() ? "lines" : "lines spaced" }, textLines(withoutBlankEdges(lines)));
}

function textLines(lines) {
  return lines.flatMap((line, index) => (index ? [h("br"), ...inlineNodes(line)] : inlineNodes(line)));
}

function paragraphs(text) {
  const whole = text.match(/^([\s\S]*?)(?:^|\n)(?:&gt;|>){3}([\s\S]*)$/);
  if (whole) return [...paragraphs(whole[1]), h("blockquote", {}, textLines(whole[2].trim().split("\n")))];
  const groups = [];
  for (const line of text.split("\n")) {
    const kind = lineKind(line);
    const last = groups[groups.length - 1];
    if (last && last.kind === kind) last.lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups.filter(({ lines }) => lines.some((line) => line !== "")).map(({ kind, lines }) => group(kind, lines));
}

// Blank lines at a list's or a quote's edge are kept as space, not as lines.
function withoutBlankEdges(lines) {
  const first = lines.findIndex((line) => line.trim() !== "");
  const last = lines.findLastIndex((line) => line.trim() !== "");
  return lines.slice(first, last + 1);
}

// A whole text: fenced code, quotes, lists and lines.
export function mrkdwnNodes(text) {
  return text.split("```").flatMap((piece, index, pieces) => {
    const fenced = index % 2 === 1 && index < pieces.length - 1;
    if (fenced) return [h("pre", {}, h("code", {}, unescape(piece.replace(/^\n|\n$/g, ""))))];
    const open = index % 2 === 1 ? "```" + piece : piece;
    return open.trim() === "" ? [] : paragraphs(index ? open.replace(/^\n|\n$/g, "") : open);
  });
}

// A text object of Block Kit, `plain_text` or `mrkdwn`, as nodes for one line or for a whole text.
export function textObject(text, { block = false } = {}) {
  if (!text) return [];
  if (text.type === "mrkdwn") return block ? mrkdwnNodes(text.text) : inlineNodes(text.text);
  return plainNodes(text.text, text.emoji !== false);
}

export function plainNodes(text, emoji = true) {
  const pieces = emoji ? text.split(/:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/u) : [text];
  return pieces.flatMap((piece, index) =>
    index % 2
      ? emojiNode(piece)
      : unescape(piece)
          .split("\n")
          .flatMap((line, n) => (n ? [h("br"), line] : line)),
  );
}

// The same text as people would read it aloud: no markers, no markup.
export function plainText(text) {
  return h("div", {}, mrkdwnNodes(text ?? "")).textContent;
}
