// Choosing from options: one of many, several of many, radio buttons, checkboxes.

import { freshId, h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { textObject } from "./mrkdwn.js";
import { openPopover } from "./popover.js";
import { channelName, people, store, userName } from "./store.js";

const SEARCH_FROM = 8;

const plain = (text) => h("span", {}, textObject(text)).textContent;

const roomOption = (room) => ({ value: room.id, label: room.is_im ? channelName(room) : `#${room.name}` });
const personOption = (user) => ({ value: user.id, label: `@${userName(user.id)}` });

function rooms({ include } = {}) {
  const kinds = (room) => (room.is_im ? "im" : room.is_private ? "private" : "public");
  return [...store.channels.values()].filter(
    (room) => !room.is_archived && (!include || include.includes(kinds(room))),
  );
}

// The element's options as groups of {value, label, description}; a group without a name is the ungrouped rest.
export function optionGroups(element) {
  const simple = (option) => ({
    value: option.value,
    label: plain(option.text),
    description: option.description ? plain(option.description) : "",
  });
  if (element.option_groups)
    return element.option_groups.map((group) => ({ name: plain(group.label), options: group.options.map(simple) }));
  const kind = element.type.replace("multi_", "");
  if (kind === "users_select") return [{ options: people().map(personOption) }];
  if (kind === "channels_select") return [{ options: rooms({ include: ["public"] }).map(roomOption) }];
  if (kind === "conversations_select")
    return [
      { options: [...rooms(element.filter).map(roomOption), ...(element.filter ? [] : people().map(personOption))] },
    ];
  return [{ options: (element.options ?? []).map(simple) }];
}

// The value the element starts with: an option's value, a list of them, an id, or null.
export function initialChoice(element) {
  const values = (options) => (options ?? []).map((option) => option.value);
  const multi = { multi_static_select: values(element.initial_options), checkboxes: values(element.initial_options) };
  if (multi[element.type]) return multi[element.type];
  if (element.type.startsWith("multi_"))
    return (
      element.initial_users ??
      element.initial_channels ??
      element.initial_conversations ??
      values(element.initial_options)
    );
  return (
    element.initial_option?.value ??
    element.initial_user ??
    element.initial_channel ??
    element.initial_conversation ??
    null
  );
}

// A native list: every platform's own keyboard and screen-reader behaviour.
export function buildSelect(element, { value, label, change }) {
  const option = (item) => h("option", { value: item.value, selected: item.value === value }, item.label);
  const lists = optionGroups(element).map((group) =>
    group.name ? h("optgroup", { label: group.name }, group.options.map(option)) : group.options.map(option),
  );
  const empty = h(
    "option",
    { value: "", selected: value === null },
    element.placeholder ? plain(element.placeholder) : "Choose…",
  );
  const select = h(
    "select",
    { class: "select", "aria-label": label, data: { "action-id": element.action_id } },
    empty,
    lists,
  );
  select.addEventListener("change", () => change(select.value || null));
  return select;
}

function optionRow(item, chosen, toggle) {
  const box = h("input", {
    type: "checkbox",
    checked: chosen,
    value: item.value,
    data: { value: item.value },
    on: { change: (event) => toggle(item.value, event.target.checked) },
  });
  return h(
    "label",
    { class: "check-row" },
    box,
    h("span", {}, item.label, item.description ? h("small", {}, item.description) : null),
  );
}

function moveInRows(event, box) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const stops = [...box.querySelectorAll("input")];
  stops[Math.max(0, Math.min(stops.length - 1, stops.indexOf(document.activeElement) + step))]?.focus();
}

function openRows(button, groups, values, toggle) {
  const list = h("div", { class: "check-list" });
  const fill = (typed) => {
    const fits = (item) => item.label.toLowerCase().includes(typed.toLowerCase());
    replace(
      list,
      groups.map((group) => [
        group.name ? h("div", { class: "menu-heading" }, group.name) : null,
        group.options.filter(fits).map((item) => optionRow(item, values().includes(item.value), toggle)),
      ]),
    );
  };
  const many = groups.flatMap((group) => group.options).length > SEARCH_FROM;
  const search = many
    ? h("input", {
        type: "search",
        class: "input",
        placeholder: "Search",
        "aria-label": "Search options",
        on: { input: (event) => fill(event.target.value) },
      })
    : null;
  const box = h(
    "div",
    { class: "multi-list", role: "group", "aria-label": "Options", data: { testid: "options" } },
    search,
    list,
  );
  box.addEventListener("keydown", (event) => moveInRows(event, box));
  fill("");
  if (openPopover(button, box)) box.querySelector("input")?.focus();
}

// Several of many: a button that shows what is chosen and opens a list of checkboxes.
export function buildMultiSelect(element, { value, label, change }) {
  const groups = optionGroups(element);
  const labels = new Map(groups.flatMap((group) => group.options).map((item) => [item.value, item.label]));
  let chosen = [...(value ?? [])];
  const face = h("span", { class: "chips" });
  const id = freshId("multi");
  const button = h(
    "button",
    {
      type: "button",
      id,
      class: "select multi",
      "aria-haspopup": "dialog",
      "aria-expanded": "false",
      data: { "action-id": element.action_id },
    },
    face,
    icon("chevron"),
  );
  const show = () => {
    const placeholder = element.placeholder ? plain(element.placeholder) : "Choose…";
    replace(
      face,
      chosen.length
        ? chosen.map((item) => h("span", { class: "chip" }, labels.get(item) ?? item))
        : h("span", { class: "placeholder" }, placeholder),
    );
    button.setAttribute(
      "aria-label",
      `${label}: ${chosen.map((item) => labels.get(item) ?? item).join(", ") || "none chosen"}`,
    );
  };
  const toggle = (item, on) => {
    const most = element.max_selected_items ?? Infinity;
    chosen = chosen.filter((other) => other !== item);
    if (on && chosen.length < most) chosen.push(item);
    show();
    change([...chosen]);
  };
  button.addEventListener("click", () => openRows(button, groups, () => chosen, toggle));
  show();
  return button;
}

// Radio buttons and checkboxes share one shape; `change` gets an option's value or a list of values.
function buildOptions(element, type, { value, label, change }) {
  const name = freshId(type);
  const isOn = (option) => (type === "radio" ? option.value === value : (value ?? []).includes(option.value));
  const read = () => {
    const on = [...box.querySelectorAll("input:checked")].map((input) => input.value);
    return type === "radio" ? (on[0] ?? null) : on;
  };
  const row = (option) =>
    h(
      "label",
      { class: "check-row" },
      h("input", {
        type,
        name,
        value: option.value,
        checked: isOn(option),
        data: { value: option.value },
        on: { change: () => change(read()) },
      }),
      h(
        "span",
        {},
        textObject(option.text),
        option.description ? h("small", {}, textObject(option.description)) : null,
      ),
    );
  const box = h(
    "div",
    {
      class: "options",
      role: type === "radio" ? "radiogroup" : "group",
      "aria-label": label,
      data: { "action-id": element.action_id },
    },
    (element.options ?? []).map(row),
  );
  return box;
}

export const buildRadio = (element, setup) => buildOptions(element, "radio", setup);
export const buildCheckboxes = (element, setup) => buildOptions(element, "checkbox", setup);
