// A list of messages kept in step with the server: only what changed is drawn anew.

import { h, replace } from "./dom.js";
import { keepFocus } from "./focus.js";
import { dayKey, dayLabel, plural } from "./format.js";
import { announce } from "./notices.js";
import { authorId, authorName, isSystem, messageBody, messageLabel } from "./message.js";

const GROUP_S = 300;
const NEAR_END_PX = 80;
const SHORT_START = 0.4;

function continues(message, before) {
  if (!before || isSystem(message) || isSystem(before) || message.is_ephemeral || before.is_ephemeral) return false;
  if (before.reply_count) return false;
  const near = Number(message.ts) - Number(before.ts) < GROUP_S && dayKey(message.ts) === dayKey(before.ts);
  return near && authorId(message) === authorId(before) && message.username === before.username;
}

export class MessageList {
  // options: {label, inThread, openThread}
  constructor(options) {
    this.options = options;
    this.items = new Map();
    this.list = h("ol", {
      class: "messages",
      "aria-label": options.label,
      data: { testid: options.inThread ? "thread-messages" : "messages" },
    });
    this.node = h("div", { class: "scroller", tabindex: "-1" }, this.list);
    this.list.addEventListener("keydown", (event) => this.handleKey(event));
    this.place = null;
  }

  // Shows the messages of one place; `person` and names are part of what is drawn.
  show(place, channel, messages, version) {
    const fresh = place !== this.place;
    if (fresh) this.clear(place);
    const atEnd = this.isAtEnd();
    const known = new Set(this.items.keys());
    keepFocus(this.list, () => this.draw(channel, messages, version), null);
    const added = messages.filter((message) => !known.has(message.ts));
    if (fresh) this.toEnd(messages.at(-1));
    else if (added.length) this.greet(added, atEnd);
    else if (atEnd) this.toEnd(null);
  }

  clear(place) {
    this.place = place;
    this.items.clear();
    this.list.replaceChildren();
  }

  draw(channel, messages, version) {
    const wanted = [];
    messages.forEach((message, index) => {
      const before = messages[index - 1];
      const divider = this.divider(message, before, index, messages);
      if (divider) wanted.push(divider);
      wanted.push(this.item(message, { channel, compact: !divider && continues(message, before) }, version));
    });
    const keep = new Set(wanted);
    for (const node of [...this.list.children]) if (!keep.has(node)) node.remove();
    wanted.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null);
    });
    const alive = new Set(messages.map((message) => message.ts));
    for (const ts of this.items.keys()) if (!alive.has(ts)) this.items.delete(ts);
  }

  divider(message, before, index, messages) {
    if (this.options.inThread) {
      return index === 1
        ? h(
            "li",
            { class: "divider", role: "presentation" },
            h("span", {}, plural(messages.length - 1, "reply", "replies")),
          )
        : null;
    }
    if (before && dayKey(before.ts) === dayKey(message.ts)) return null;
    return h("li", { class: "divider day", role: "presentation" }, h("span", {}, dayLabel(message.ts)));
  }

  item(message, layout, version) {
    const signature = JSON.stringify([message, layout, version]);
    const kept = this.items.get(message.ts);
    if (kept?.signature === signature || kept?.node.dataset.editing) return kept.node;
    const node = kept?.node ?? h("li", { tabindex: "-1", data: { testid: "message", ts: message.ts } });
    node.className = `message${layout.compact ? " compact" : ""}${message.is_ephemeral ? " ephemeral" : ""}`;
    node.setAttribute("aria-label", messageLabel(message));
    keepFocus(node, () => replace(node, messageBody(message, { ...this.options, ...layout })), node);
    this.items.set(message.ts, { node, signature });
    return node;
  }

  isAtEnd() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR_END_PX;
  }

  // Scrolls to the end, but not past the beginning of a message taller than the window, nor past a short start.
  toEnd(last) {
    const item = last && this.items.get(last.ts)?.node;
    this.node.scrollTop = this.node.scrollHeight;
    if (!item || item.offsetHeight < this.node.clientHeight) return;
    const isShortAbove = item.offsetTop < this.node.clientHeight * SHORT_START;
    this.node.scrollTop = isShortAbove ? 0 : item.offsetTop;
  }

  greet(added, atEnd) {
    const last = added.at(-1);
    announce(added.length === 1 ? `New message from ${authorName(last)}` : `${added.length} new messages`);
    if (atEnd) this.toEnd(last);
  }

  // Arrow keys walk from message to message while a message itself has the focus.
  handleKey(event) {
    const item = event.target;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || item.dataset?.testid !== "message") return;
    const all = [...this.list.querySelectorAll("[data-testid=message]")];
    event.preventDefault();
    all[all.indexOf(item) + step]?.focus();
  }
}
