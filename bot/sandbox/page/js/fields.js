// Fields to type in: text, addresses, numbers, dates and times.

import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";

const INPUT_TYPES = {
  url_text_input: { type: "url", inputmode: "url" },
  email_text_input: { type: "email", inputmode: "email" },
  number_input: { type: "number" },
  datepicker: { type: "date" },
  timepicker: { type: "time" },
  datetimepicker: { type: "datetime-local" },
  plain_text_input: { type: "text" },
};

export const isField = (element) => element.type in INPUT_TYPES;

function localDateTime(unix) {
  const date = new Date(Number(unix) * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

export function initialText(element) {
  const date = element.initial_date ?? element.initial_time;
  if (element.type === "datetimepicker") return element.initial_date_time ? String(element.initial_date_time) : null;
  return date ?? element.initial_value ?? null;
}

function readValue(element, node) {
  if (!node.value) return null;
  return element.type === "datetimepicker" ? String(Math.floor(new Date(node.value).getTime() / 1000)) : node.value;
}

function attributes(element) {
  const number = element.type === "number_input";
  return {
    ...INPUT_TYPES[element.type],
    placeholder: element.placeholder ? h("span", {}, textObject(element.placeholder)).textContent : null,
    min: number ? element.min_value : null,
    max: number ? element.max_value : null,
    step: number ? (element.is_decimal_allowed ? "any" : "1") : null,
    minlength: element.min_length,
    maxlength: element.max_length,
    autocomplete: "off",
    "data-action-id": element.action_id,
  };
}

// `change` hears every keystroke, `commit` Enter (or, for pickers, a choice).
export function buildField(element, { value, label, change, commit }) {
  const multiline = element.type === "plain_text_input" && element.multiline;
  const { type, ...shared } = attributes(element);
  const shown = element.type === "datetimepicker" && value ? localDateTime(value) : (value ?? "");
  const node = h(multiline ? "textarea" : "input", {
    ...shared,
    type: multiline ? null : type,
    rows: multiline ? 6 : null,
    class: "input",
    "aria-label": label,
    value: shown,
  });
  const onCharacter = element.dispatch_action_config?.trigger_actions_on?.includes("on_character_entered");
  node.addEventListener("input", () => {
    change(readValue(element, node));
    if (onCharacter) commit(readValue(element, node));
  });
  if (type.startsWith("date") || type === "time")
    node.addEventListener("change", () => commit(readValue(element, node)));
  else
    node.addEventListener(
      "keydown",
      (event) =>
        event.key === "Enter" &&
        !(multiline && event.shiftKey) &&
        !event.isComposing &&
        commit(readValue(element, node), event),
    );
  return node;
}
