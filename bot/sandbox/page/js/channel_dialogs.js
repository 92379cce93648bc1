// Dialogs about channels: make one, see who is in it, invite, remove, archive.

import { api } from "./api.js";
import { avatar, badges } from "./avatar.js";
import { ask } from "./confirm.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { orNotice } from "./notices.js";
import { people, store, userName } from "./store.js";

export function openDialog({ title, testid, body, foot = [] }) {
  const back = document.activeElement;
  const close = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close", on: { click: () => dialog.close() } },
    icon("close"),
  );
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-label": title, data: { testid } },
    h("div", { class: "dialog-head" }, h("h2", {}, title), close),
    h("div", { class: "dialog-body" }, body),
    foot.length ? h("div", { class: "dialog-foot" }, foot) : null,
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (back?.isConnected) back.focus({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function openChannelForm(created) {
  const name = h("input", {
    class: "input",
    id: "channel-name",
    maxlength: 80,
    autocomplete: "off",
    placeholder: "support-weekend",
    data: { testid: "channel-name" },
  });
  const secret = h("input", { type: "checkbox", data: { testid: "channel-private" } });
  const make = async (event) => {
    event.preventDefault();
    const answer = await orNotice(
      api.createChannel({
        user: store.me.id,
        name: name.value
          .trim()
          .toLowerCase()
          .replace(/[\s.]+/g, "-"),
        is_private: secret.checked,
      }),
    );
    if (!answer) return;
    dialog.close();
    const id = answer.channel?.id ?? answer.channel ?? answer.id;
    if (id) created(id);
  };
  const form = h(
    "form",
    { class: "stack", on: { submit: make } },
    h("label", { class: "label", for: "channel-name" }, "Name"),
    name,
    h("label", { class: "check-row" }, secret, h("span", {}, "Private: only its members see it")),
    h("div", { class: "dialog-foot" }, h("button", { type: "submit", class: "button primary" }, "Create channel")),
  );
  const dialog = openDialog({ title: "Create a channel", testid: "channel-form", body: form });
  name.focus();
}

function memberRow(room, id, dialog) {
  const remove = async () => {
    if (await orNotice(api.kick({ user: store.me.id, channel: room.id, invited: id }))) dialog().close();
  };
  return h(
    "li",
    { class: "member" },
    avatar(id, { size: "small" }),
    h("span", { class: "member-name" }, userName(id), " ", badges(id)),
    h(
      "button",
      {
        type: "button",
        class: "button small",
        "aria-label": `Remove ${userName(id)}`,
        data: { kick: id },
        on: { click: remove },
      },
      "Remove",
    ),
  );
}

function inviteForm(room, dialog) {
  const bots = [...store.users.values()].filter((user) => user.is_bot && user.id !== "USLACKBOT");
  const outside = [...people(), ...bots].filter((user) => !(room.members ?? []).includes(user.id));
  if (!outside.length) return h("p", { class: "quiet" }, "Everybody is here.");
  const select = h(
    "select",
    { class: "select", "aria-label": "Who to invite", data: { testid: "invite-who" } },
    outside.map((user) => h("option", { value: user.id }, `${userName(user.id)}${user.is_bot ? " (app)" : ""}`)),
  );
  const invite = async () => {
    if (await orNotice(api.invite({ user: store.me.id, channel: room.id, invited: select.value }))) dialog().close();
  };
  return h(
    "div",
    { class: "inline-form" },
    select,
    h(
      "button",
      { type: "button", class: "button primary", data: { testid: "invite" }, on: { click: invite } },
      "Invite",
    ),
  );
}

export function openMembers(room) {
  const dialog = () => node;
  const archive = async () => {
    const sure = await ask({
      title: `Archive #${room.name}?`,
      text: "Nobody can write there afterwards.",
      confirm: "Archive",
      danger: true,
    });
    if (sure && (await orNotice(api.archive({ user: store.me.id, channel: room.id })))) node.close();
  };
  const node = openDialog({
    title: `#${room.name}`,
    testid: "members",
    body: [
      inviteForm(room, dialog),
      h(
        "ul",
        { class: "members", "aria-label": "Members" },
        (room.members ?? []).map((id) => memberRow(room, id, dialog)),
      ),
    ],
    foot: [
      h(
        "button",
        { type: "button", class: "button danger-quiet", data: { testid: "archive" }, on: { click: archive } },
        "Archive channel",
      ),
    ],
  });
}
