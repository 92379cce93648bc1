// What can be done with a message: react, reply in its thread, shortcuts, edit, delete.

import { api } from "./api.js";
import { ask } from "./confirm.js";
import { h, replace } from "./dom.js";
import { openEmojiPicker } from "./emoji_picker.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { notice, orNotice } from "./notices.js";
import { store } from "./store.js";
import { decode } from "./typed.js";

export function toggleReaction(message, channel, name, add) {
  return orNotice(api.react({ user: store.me.id, channel, ts: message.ts, name, add }));
}

export async function runShortcut(shortcut, place = {}) {
  const answer = await orNotice(api.shortcut({ user: store.me.id, callback_id: shortcut.callback_id, ...place }));
  if (answer && !answer.acked)
    notice(answer.error || `“${shortcut.name}” did not work: the app did not respond.`, "error");
}

async function removeMessage(message, channel) {
  const sure = await ask({
    title: "Delete this message?",
    text: "It cannot be brought back.",
    confirm: "Delete",
    danger: true,
  });
  if (sure) await orNotice(api.remove({ user: store.me.id, channel, ts: message.ts }));
}

// Puts a box to type in where the message's text was; Enter saves, Escape leaves all as it was.
function editMessage(message, channel, item) {
  const main = item.querySelector(".message-main");
  const before = [...main.childNodes];
  const area = h("textarea", {
    class: "input",
    rows: 3,
    value: decode(message.text),
    "aria-label": "Edit message",
    data: { testid: "edit-box" },
  });
  const restore = () => {
    delete item.dataset.editing;
    replace(main, before);
    item.focus({ preventScroll: true });
  };
  const save = async () => {
    const answer = await orNotice(api.edit({ user: store.me.id, channel, ts: message.ts, text: area.value }));
    if (answer) restore();
  };
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") restore();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    save();
  });
  const button = (label, style, click) =>
    h("button", { type: "button", class: `button ${style}`, on: { click } }, label);
  item.dataset.editing = "true";
  replace(
    main,
    area,
    h("div", { class: "button-row" }, button("Cancel", "", restore), button("Save", "primary", save)),
  );
  area.focus();
}

function moreItems(message, view, item) {
  const place = { channel: view.channel, message_ts: message.ts };
  const shortcuts = store.shortcuts
    .filter((shortcut) => shortcut.type === "message")
    .map((shortcut) => ({
      label: shortcut.name,
      detail: shortcut.description || store.app?.name,
      data: { "callback-id": shortcut.callback_id },
      choose: () => runShortcut(shortcut, place),
    }));
  const own =
    message.user === store.me.id
      ? [
          {
            label: "Edit message",
            before: icon("pencil"),
            data: { do: "edit" },
            choose: () => editMessage(message, view.channel, item()),
          },
          {
            label: "Delete message…",
            before: icon("trash"),
            danger: true,
            data: { do: "delete" },
            choose: () => removeMessage(message, view.channel),
          },
        ]
      : [];
  const headed = shortcuts.length ? [{ heading: "Shortcuts" }, ...shortcuts] : [];
  return own.length || headed.length ? [...own, ...headed] : [{ label: "Nothing else can be done here" }];
}

export function buildToolbar(message, view) {
  const button = (testid, label, name, click, popup) => {
    const node = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": label,
        title: label,
        "aria-haspopup": popup,
        "aria-expanded": popup ? "false" : null,
        data: { testid },
      },
      icon(name),
    );
    node.addEventListener("click", () => click(node));
    return node;
  };
  const react = button(
    "react",
    "Add a reaction",
    "smile",
    (node) => openEmojiPicker(node, (name) => toggleReaction(message, view.channel, name, true)),
    "dialog",
  );
  const reply = view.inThread
    ? null
    : button("reply", "Reply in thread", "reply", () =>
        view.openThread(message.thread_ts ?? message.ts, { compose: true }),
      );
  const more = button(
    "more",
    "More for this message",
    "dots",
    (node) =>
      openMenu(
        node,
        "More for this message",
        moreItems(message, view, () => node.closest("[data-testid=message]")),
      ),
    "menu",
  );
  return h("div", { class: "message-tools", role: "toolbar", "aria-label": "Message actions" }, react, reply, more);
}
