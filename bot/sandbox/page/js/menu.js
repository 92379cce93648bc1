// A menu beside a button: arrows, Home, End, first letters, Enter, Escape.

import { h, link, safeUrl } from "./dom.js";
import { closePopover, openPopover } from "./popover.js";

function move(items, step) {
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length]?.focus();
}

function handleKey(event, items) {
  const steps = {
    ArrowDown: () => move(items, 1),
    ArrowUp: () => move(items, -1),
    Home: () => items[0].focus(),
    End: () => items.at(-1).focus(),
  };
  if (steps[event.key]) {
    event.preventDefault();
    steps[event.key]();
  } else if (event.key === "Tab") {
    closePopover();
  } else if (event.key.length === 1 && event.key !== " ") {
    const wanted = event.key.toLowerCase();
    const at = items.indexOf(document.activeElement);
    const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    order.find((item) => item.textContent.trim().toLowerCase().startsWith(wanted))?.focus();
  }
}

function menuItem(item) {
  const choose = () => {
    closePopover();
    item.choose?.();
  };
  const role = item.checked === undefined ? "menuitem" : "menuitemradio";
  const props = {
    class: `menu-item${item.danger ? " danger" : ""}`,
    role,
    tabindex: "-1",
    "aria-checked": item.checked,
    data: item.data,
    on: { click: choose },
  };
  const content = [
    item.before,
    h("span", { class: "menu-text" }, h("span", {}, item.label), item.detail ? h("small", {}, item.detail) : null),
    item.after,
  ];
  if (!item.url || !safeUrl(item.url)) return h("button", { type: "button", ...props }, ...content);
  const anchor = link(item.url, ...content);
  anchor.className = props.class;
  anchor.setAttribute("role", role);
  anchor.tabIndex = -1;
  anchor.addEventListener("click", choose);
  return anchor;
}

// items: [{label, detail?, danger?, checked?, url?, data?, before?, after?, choose} or {heading}]
export function openMenu(anchor, label, items) {
  const nodes = items.map((item) =>
    item.heading ? h("div", { class: "menu-heading", role: "presentation" }, item.heading) : menuItem(item),
  );
  const box = h("div", { class: "menu", role: "menu", "aria-label": label, data: { testid: "menu" } }, nodes);
  const choices = nodes.filter(
    (node) => node.tabIndex === -1 && node.role !== "presentation" && node.matches(".menu-item"),
  );
  box.addEventListener("keydown", (event) => handleKey(event, choices));
  if (!openPopover(anchor, box)) return;
  (choices.find((node) => node.getAttribute("aria-checked") === "true") ?? choices[0])?.focus();
}
