// The workspace's left side: who you are, channels, the app and its state.

import { avatar, badges } from "./avatar.js";
import { openChannelForm } from "./channel_dialogs.js";
import { h, replace } from "./dom.js";
import { keepFocus } from "./focus.js";
import { icon } from "./icons.js";
import { openInspector } from "./inspector.js";
import { openMenu } from "./menu.js";
import { channelName, people, store, userName } from "./store.js";

function personItems(choose) {
  return [
    { heading: "See and act as" },
    ...people().map((user) => ({
      label: h("span", {}, userName(user.id), " ", badges(user.id)),
      detail: user.title,
      checked: user.id === store.me.id,
      before: avatar(user.id, { size: "small" }),
      after: user.id === store.me.id ? icon("check") : null,
      data: { "user-id": user.id },
      choose: () => choose(user.id),
    })),
  ];
}

function personSwitcher(choose) {
  const button = h(
    "button",
    {
      type: "button",
      class: "person-switcher",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": `You are ${userName(store.me.id)}. Switch person`,
      data: { testid: "person-switcher", "user-id": store.me.id },
    },
    avatar(store.me.id),
    h(
      "span",
      { class: "person-name" },
      h("strong", {}, userName(store.me.id)),
      h("small", {}, store.me.title || "Member"),
    ),
    icon("chevron"),
  );
  button.addEventListener("click", () => openMenu(button, "Switch person", personItems(choose)));
  return button;
}

function roomLink(room, go) {
  const current = store.route.channel === room.id && !store.route.home;
  const unread = current ? 0 : (room.unread ?? 0);
  const name = channelName(room);
  const label = `${room.is_im ? "Direct message with " : room.is_private ? "Private channel " : "Channel "}${name}${unread ? `, ${unread} unread` : ""}`;
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: `room${unread ? " unread" : ""}`,
        "aria-current": current ? "page" : null,
        "aria-label": label,
        data: { testid: "channel-link", "channel-id": room.id, "channel-name": room.name },
        on: { click: () => go({ channel: room.id, thread: null, home: false }) },
      },
      room.is_im
        ? avatar(room.user ?? (room.members ?? []).find((id) => id !== store.me.id), { size: "tiny" })
        : icon(room.is_private ? "lock" : "hash"),
      h("span", { class: "room-name" }, name),
      unread ? h("span", { class: "unread-count" }, unread > 99 ? "99+" : unread) : null,
    ),
  );
}

function rooms(go) {
  const all = [...store.channels.values()].filter((room) => !room.is_archived);
  const channels = all.filter((room) => !room.is_im);
  const direct = all.filter((room) => room.is_im);
  const add = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Create a channel",
      title: "Create a channel",
      data: { testid: "create-channel" },
      on: { click: () => openChannelForm((id) => go({ channel: id, thread: null, home: false })) },
    },
    icon("plus"),
  );
  return [
    h(
      "section",
      { "aria-label": "Channels" },
      h("div", { class: "side-heading" }, h("h2", {}, "Channels"), add),
      h(
        "ul",
        {},
        channels.map((room) => roomLink(room, go)),
      ),
    ),
    direct.length
      ? h(
          "section",
          { "aria-label": "Direct messages" },
          h("div", { class: "side-heading" }, h("h2", {}, "Direct messages")),
          h(
            "ul",
            {},
            direct.map((room) => roomLink(room, go)),
          ),
        )
      : null,
  ];
}

function appSection(go) {
  if (!store.app) return null;
  const { name, online } = store.app;
  return h(
    "section",
    { "aria-label": "Apps" },
    h("div", { class: "side-heading" }, h("h2", {}, "Apps")),
    h(
      "ul",
      {},
      h(
        "li",
        {},
        h(
          "button",
          {
            type: "button",
            class: "room",
            "aria-current": store.route.home ? "page" : null,
            data: { testid: "app-home-link" },
            on: { click: () => go({ channel: null, thread: null, home: true }) },
          },
          icon("home"),
          h("span", { class: "room-name" }, `${name} home`),
          h("span", {
            class: `dot ${online ? "on" : "off"}`,
            role: "img",
            "aria-label": online ? "connected" : "not connected",
            title: online ? "The app is connected" : "The app is not connected",
          }),
        ),
      ),
    ),
  );
}

function footer(violations) {
  const text = violations ? `${violations} rule ${violations === 1 ? "breach" : "breaches"}` : "No rule breached";
  const button = h(
    "button",
    {
      type: "button",
      class: `inspector-link${violations ? " alarm" : ""}`,
      data: { testid: "inspector-link" },
      on: { click: openInspector },
    },
    icon(violations ? "warning" : "shield"),
    text,
  );
  return h("div", { class: "side-foot" }, button);
}

// go(route part) moves; choosePerson(id) changes who looks.
export function drawSidebar(node, { go, choosePerson, violations }) {
  keepFocus(node, () =>
    replace(
      node,
      h(
        "div",
        { class: "workspace" },
        h("img", { src: "/static/icon.svg", alt: "", width: 28, height: 28 }),
        h("div", {}, h("h1", {}, store.team.name), h("small", {}, "A local sandbox")),
      ),
      personSwitcher(choosePerson),
      h("div", { class: "side-scroll" }, rooms(go), appSection(go)),
      footer(violations),
    ),
  );
}
