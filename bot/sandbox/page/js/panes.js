// The channel in the middle and the thread beside it.

import { api } from "./api.js";
import { openMembers } from "./channel_dialogs.js";
import { Composer } from "./composer.js";
import { h, replace } from "./dom.js";
import { Home } from "./home.js";
import { icon } from "./icons.js";
import { MessageList } from "./message_list.js";
import { inlineNodes } from "./mrkdwn.js";
import { orNotice } from "./notices.js";
import { channelName, store, userName } from "./store.js";

const button = (label, name, testid, click, className = "icon-button") =>
  h(
    "button",
    { type: "button", class: className, "aria-label": label, title: label, data: { testid }, on: { click } },
    icon(name),
  );

// What the app says it is doing: in one thread, or anywhere in a channel.
function typingText(place) {
  const doing = [...store.typing].find(([where]) => where === place || where.startsWith(`${place}|`));
  return doing ? `${userName(store.app.bot_user_id)} ${doing[1].status}` : "";
}

const isMember = (channel) => (channel.members ?? []).includes(store.me.id);

function blockedReason(channel) {
  if (channel.is_archived) return "This channel is archived.";
  if (!isMember(channel)) return "You are not a member of this channel.";
  return "";
}

export class ChannelPane {
  // actions: {openThread, openDrawer}
  constructor(node, actions) {
    this.node = node;
    this.actions = actions;
    this.head = h("header", { class: "pane-head" });
    this.banner = h("div", { class: "banner", role: "status", hidden: true, data: { testid: "banner" } });
    this.list = new MessageList({ label: "Messages", inThread: false, openThread: actions.openThread });
    this.home = new Home();
    this.typing = h("div", { class: "typing", "aria-live": "polite" });
    this.composer = new Composer({ testid: "composer", id: "composer", label: "Message" });
    this.empty = h("div", { class: "empty", hidden: true });
    this.join = h("div", { class: "join", hidden: true });
    append(node, [
      this.head,
      this.banner,
      this.empty,
      this.list.node,
      this.home.node,
      this.typing,
      this.join,
      this.composer.node,
    ]);
  }

  // Who is not a member reads, and may join.
  drawJoin(channel, name) {
    const outside = !isMember(channel) && !channel.is_archived;
    this.join.hidden = !outside;
    this.composer.node.hidden = outside;
    const join = () => orNotice(api.invite({ user: store.me.id, channel: channel.id, invited: store.me.id }));
    if (outside)
      replace(
        this.join,
        h("span", {}, `You are looking at #${name} from outside.`),
        h(
          "button",
          { type: "button", class: "button primary", data: { testid: "join" }, on: { click: join } },
          "Join channel",
        ),
      );
  }

  showMode(home) {
    for (const part of [this.list.node, this.typing, this.composer.node]) part.hidden = home;
    this.join.hidden = true;
    this.home.node.hidden = !home;
    this.empty.hidden = true;
  }

  drawHome() {
    this.showMode(true);
    this.node.setAttribute("aria-label", `${store.app?.name ?? "App"} home`);
    this.drawHead(h("h2", {}, icon("home"), store.app?.name ?? "App"), null);
  }

  drawNothing(text) {
    this.showMode(false);
    for (const part of [this.list.node, this.composer.node]) part.hidden = true;
    this.empty.hidden = false;
    this.empty.textContent = text;
    this.drawHead(h("h2", {}, "No channel"), null);
  }

  drawHead(title, rest) {
    replace(
      this.head,
      button("Open the channel list", "menu", "open-drawer", this.actions.openDrawer, "icon-button drawer-button"),
      title,
      rest,
    );
  }

  draw(channel, messages, version) {
    this.showMode(false);
    const name = channelName(channel);
    this.node.setAttribute("aria-label", channel.is_im ? `Conversation with ${name}` : `Channel ${name}`);
    const members = channel.is_im
      ? null
      : h(
          "button",
          {
            type: "button",
            class: "members-button",
            "aria-label": `${channel.members?.length ?? 0} members`,
            data: { testid: "open-members" },
            on: { click: () => openMembers(store.channels.get(channel.id)) },
          },
          icon("people"),
          String(channel.members?.length ?? 0),
        );
    const topic = h("span", { class: "topic" }, inlineNodes(channel.topic ?? ""));
    this.drawHead(
      h(
        "h2",
        { data: { testid: "channel-name" } },
        channel.is_im ? null : icon(channel.is_private ? "lock" : "hash"),
        name,
      ),
      [topic, members],
    );
    this.composer.aim(
      { channel: channel.id },
      channel.is_im ? `Message ${name}` : `Message #${name}`,
      blockedReason(channel),
    );
    this.drawJoin(channel, name);
    this.list.show(`${store.me.id}|${channel.id}`, channel.id, messages, version);
    this.drawTyping(channel.id);
  }

  drawTyping(place) {
    this.typing.textContent = typingText(place);
  }

  say(text) {
    this.banner.hidden = !text;
    this.banner.textContent = text;
  }
}

function append(node, parts) {
  node.replaceChildren(...parts);
}

export class ThreadPane {
  // actions: {close}
  constructor(node, actions) {
    this.node = node;
    this.actions = actions;
    this.where = h("span", { class: "topic" });
    this.list = new MessageList({ label: "Thread", inThread: true, openThread: () => undefined });
    this.typing = h("div", { class: "typing", "aria-live": "polite" });
    this.composer = new Composer({ testid: "thread-composer", id: "thread-composer", label: "Reply" });
    const head = h(
      "header",
      { class: "pane-head" },
      button("Back to the channel", "back", "thread-back", actions.close, "icon-button narrow-only"),
      h("h2", {}, "Thread"),
      this.where,
      button("Close the thread", "close", "close-thread", actions.close, "icon-button wide-only"),
    );
    append(node, [head, this.list.node, this.typing, this.composer.node]);
    node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && !event.target.closest("[data-editing]")) actions.close();
    });
  }

  hide() {
    this.node.hidden = true;
    this.list.clear(null);
  }

  draw(channel, threadTs, messages, version) {
    this.node.hidden = false;
    this.where.textContent = channel.is_im ? channelName(channel) : `#${channelName(channel)}`;
    this.composer.aim({ channel: channel.id, thread_ts: threadTs }, "Reply…", blockedReason(channel));
    this.list.show(`${store.me.id}|${channel.id}|${threadTs}`, channel.id, messages, version);
    this.typing.textContent = typingText(`${channel.id}|${threadTs}`);
  }
}
