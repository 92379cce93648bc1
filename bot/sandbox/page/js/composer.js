// The box to write in: Enter sends, Shift+Enter breaks the line, a slash begins a command.

import { api } from "./api.js";
import { addCompletion } from "./completion.js";
import { h } from "./dom.js";
import { openEmojiPicker } from "./emoji_picker.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { runShortcut } from "./message_tools.js";
import { store } from "./store.js";

const drafts = new Map();

function shortcutItems() {
  const shortcuts = store.shortcuts.filter((shortcut) => shortcut.type === "global");
  const items = shortcuts.map((shortcut) => ({
    label: shortcut.name,
    detail: shortcut.description || store.app?.name,
    data: { "callback-id": shortcut.callback_id },
    choose: () => runShortcut(shortcut),
  }));
  return items.length ? [{ heading: "Shortcuts" }, ...items] : [{ label: "The app has no global shortcuts" }];
}

async function sendCommand(text, place) {
  const [command] = text.split(/\s+/, 1);
  if (place.thread_ts)
    throw new Error(`${command} can't be used in a thread. Slash commands work in the channel itself.`);
  if (!store.commands.some((item) => item.command === command))
    throw new Error(`${command} is not a command that this workspace knows. To send it as text, put a space in front.`);
  const answer = await api.command({
    user: store.me.id,
    channel: place.channel,
    command,
    text: text.slice(command.length).trim(),
  });
  if (!answer.acked) throw new Error(answer.error || `${command} failed: the app did not respond.`);
}

async function send(text, place) {
  if (text.startsWith("/")) return sendCommand(text.trim(), place);
  return api.post({
    user: store.me.id,
    channel: place.channel,
    text: text.trim(),
    ...(place.thread_ts ? { thread_ts: place.thread_ts } : {}),
  });
}

export class Composer {
  constructor({ testid, id, label }) {
    this.place = {};
    this.area = h("textarea", {
      class: "composer-text",
      rows: 1,
      id,
      "aria-label": label,
      placeholder: label,
      disabled: true,
      data: { testid: `${testid}-text` },
    });
    this.sendButton = h(
      "button",
      {
        type: "submit",
        class: "icon-button send",
        "aria-label": "Send",
        title: "Send (Enter)",
        disabled: true,
        data: { testid: `${testid}-send` },
      },
      icon("send"),
    );
    this.error = h("div", { class: "composer-error", role: "alert" });
    this.node = h(
      "form",
      { class: "composer", data: { testid } },
      this.error,
      h(
        "div",
        { class: "composer-box" },
        this.area,
        h(
          "div",
          { class: "composer-bar" },
          this.shortcutButton(),
          this.emojiButton(),
          h("span", { class: "composer-hint" }, "Shift+Enter for a new line"),
          this.sendButton,
        ),
      ),
    );
    this.completion = addCompletion(this.area, this.node.querySelector(".composer-box"));
    this.area.addEventListener("input", () => this.changed());
    this.area.addEventListener("keydown", (event) => this.handleKey(event));
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
  }

  shortcutButton() {
    const button = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Shortcuts",
        title: "Shortcuts",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        data: { testid: "shortcuts" },
      },
      icon("bolt"),
    );
    button.addEventListener("click", () => openMenu(button, "Shortcuts", shortcutItems()));
    return button;
  }

  emojiButton() {
    const button = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Insert an emoji",
        title: "Insert an emoji",
        "aria-expanded": "false",
        data: { testid: "insert-emoji" },
      },
      icon("smile"),
    );
    button.addEventListener("click", () =>
      openEmojiPicker(button, (name) => {
        this.area.setRangeText(`:${name}: `, this.area.selectionStart, this.area.selectionEnd, "end");
        this.changed();
        this.area.focus();
      }),
    );
    return button;
  }

  // Points the composer at a channel or a thread; what was typed there before comes back.
  aim(place, label, blocked = "") {
    const key = `${store.me.id}|${place.channel}|${place.thread_ts ?? ""}`;
    this.area.placeholder = blocked || label;
    this.area.setAttribute("aria-label", blocked || label);
    this.area.disabled = Boolean(blocked);
    if (key === this.key) return;
    this.key = key;
    this.place = place;
    this.error.textContent = "";
    this.area.value = drafts.get(key) ?? "";
    this.changed();
  }

  changed() {
    if (this.area.value) drafts.set(this.key, this.area.value);
    else drafts.delete(this.key);
    this.sendButton.disabled = !this.area.value.trim();
    this.area.style.height = "auto";
    this.area.style.height = `${this.area.scrollHeight}px`;
  }

  handleKey(event) {
    if (this.completion.handleKey(event) || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  async send() {
    const text = this.area.value;
    if (!text.trim() || this.node.dataset.sending) return;
    const { key } = this;
    this.node.dataset.sending = "true";
    this.error.textContent = "";
    try {
      await send(text, this.place);
      this.sent(key, text);
    } catch (refused) {
      this.error.textContent = refused.message;
    } finally {
      delete this.node.dataset.sending;
    }
  }

  sent(key, text) {
    drafts.delete(key);
    if (this.key !== key || this.area.value !== text) return;
    this.area.value = "";
    this.completion.close();
    const held = this.node.contains(document.activeElement);
    this.changed();
    // The emptied box disables its button, which would lose the keyboard.
    if (held) this.area.focus();
  }
}
