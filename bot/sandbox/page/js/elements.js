// The interactive elements of Block Kit, each with its action id on the control itself.

import { buildCheckboxes, buildMultiSelect, buildRadio, buildSelect, initialChoice } from "./choices.js";
import { h, link, safeUrl } from "./dom.js";
import { buildField, initialText, isField } from "./fields.js";
import { icon } from "./icons.js";
import { act, controlled, recall, remember } from "./interact.js";
import { openMenu } from "./menu.js";
import { textObject } from "./mrkdwn.js";

const CHOICES = { radio_buttons: buildRadio, checkboxes: buildCheckboxes };

function chooser(element) {
  if (CHOICES[element.type]) return CHOICES[element.type];
  if (/^multi_\w+_select$/.test(element.type)) return buildMultiSelect;
  return /_select$/.test(element.type) ? buildSelect : null;
}

function buildButton(element, surface, blockId) {
  const use = () => act(surface, blockId, element);
  const props = {
    class: `button ${element.style ?? ""}`,
    "aria-label": element.accessibility_label,
    data: { "action-id": element.action_id },
  };
  const label = textObject(element.text);
  if (!element.url || !safeUrl(element.url))
    return h("button", { type: "button", ...props, on: { click: use } }, label);
  const anchor = link(element.url, label);
  anchor.className = props.class;
  anchor.setAttribute("data-action-id", element.action_id);
  anchor.addEventListener("click", use);
  return anchor;
}

function buildOverflow(element, surface, blockId) {
  const items = () =>
    (element.options ?? []).map((option) => ({
      label: textObject(option.text),
      detail: option.description ? textObject(option.description) : null,
      url: option.url,
      data: { value: option.value },
      choose: () => act(surface, blockId, element, option.value),
    }));
  const button = h(
    "button",
    {
      type: "button",
      class: "icon-button overflow",
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      data: { "action-id": element.action_id },
    },
    icon("dots"),
  );
  button.addEventListener("click", () => openMenu(button, "More actions", items()));
  return button;
}

function buildIconButton(element, surface, blockId) {
  const label = element.accessibility_label ?? element.text?.text ?? "Action";
  const use = () => act(surface, blockId, element);
  return h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": label,
      title: label,
      data: { "action-id": element.action_id },
      on: { click: use },
    },
    icon(element.icon === "trash" ? "trash" : "dots"),
  );
}

function buildFeedback(element, surface, blockId) {
  const button = (choice) =>
    h(
      "button",
      {
        type: "button",
        class: "button",
        "aria-label": choice.accessibility_label,
        data: { value: choice.value },
        on: { click: () => act(surface, blockId, element, choice.value) },
      },
      textObject(choice.text),
    );
  return h(
    "span",
    { class: "button-row", role: "group", "aria-label": "Feedback", data: { "action-id": element.action_id } },
    button(element.positive_button),
    button(element.negative_button),
  );
}

function buildImage(element) {
  return h("img", {
    class: "thumb",
    src: safeUrl(element.image_url) ?? "",
    alt: element.alt_text ?? "",
    loading: "lazy",
    referrerpolicy: "no-referrer",
  });
}

const WITHOUT_VALUE = {
  button: buildButton,
  overflow: buildOverflow,
  workflow_button: buildButton,
  icon_button: buildIconButton,
  feedback_buttons: buildFeedback,
};

// An element that carries a value; in an input block it is sent with the form, elsewhere at once.
export function buildValued(element, surface, blockId, { label, immediate }) {
  const build = chooser(element) ?? (isField(element) ? buildField : null);
  if (!build) return null;
  const value = recall(surface, blockId, element, isField(element) ? initialText(element) : initialChoice(element));
  remember(surface, blockId, element, value);
  const keep = (next) => remember(surface, blockId, element, next);
  const send = (next) => act(surface, blockId, element, next);
  const commit = (next, event) => {
    if (!immediate) return;
    event?.preventDefault();
    send(next);
  };
  const change = (next) => {
    keep(next);
    if (immediate && !isField(element)) send(next);
  };
  return build(element, { value, label, change, commit });
}

export function buildElement(element, surface, blockId) {
  if (element.type === "image") return buildImage(element);
  if (element.type === "mrkdwn" || element.type === "plain_text") return h("span", {}, textObject(element));
  const simple = WITHOUT_VALUE[element.type];
  const label = element.accessibility_label ?? element.placeholder?.text ?? "Choose";
  const control = simple
    ? simple(element, surface, blockId)
    : buildValued(element, surface, blockId, { label, immediate: true });
  return control
    ? controlled(surface, blockId, element, control)
    : h("span", { class: "unsupported" }, `Element “${element.type}” is not shown here.`);
}
