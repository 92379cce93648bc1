// A small emoji picker with a search line.

import { h, replace } from "./dom.js";
import { emojiCharacter, searchEmoji } from "./emoji.js";
import { closePopover, openPopover } from "./popover.js";

const COLUMNS = 8;

function moveInGrid(event, input, grid) {
  const buttons = [...grid.children];
  const at = buttons.indexOf(document.activeElement);
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: at < 0 ? 1 : COLUMNS, ArrowUp: -COLUMNS };
  const step = steps[event.key];
  if (!step || (at < 0 && event.key !== "ArrowDown")) return;
  event.preventDefault();
  if (at + step < 0) input.focus();
  else buttons[Math.min(at + step, buttons.length - 1)]?.focus();
}

// Opens the picker beside `anchor`; `choose` gets the emoji's name.
export function openEmojiPicker(anchor, choose) {
  const pick = (name) => {
    closePopover();
    choose(name);
  };
  const input = h("input", {
    type: "search",
    class: "input",
    placeholder: "Search emoji",
    "aria-label": "Search emoji",
    data: { testid: "emoji-search" },
  });
  const grid = h("div", { class: "emoji-grid", role: "group", "aria-label": "Emoji" });
  const fill = () => {
    const names = searchEmoji(input.value);
    const button = (name) =>
      h(
        "button",
        {
          type: "button",
          class: "emoji-choice",
          title: `:${name}:`,
          "aria-label": name.replaceAll("_", " "),
          data: { emoji: name },
          on: { click: () => pick(name) },
        },
        emojiCharacter(name),
      );
    replace(grid, names.length ? names.map(button) : h("p", { class: "quiet" }, "No emoji has that name."));
  };
  input.addEventListener("input", fill);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = searchEmoji(input.value)[0];
    if (first) pick(first);
  });
  const box = h(
    "div",
    { class: "emoji-picker", role: "dialog", "aria-label": "Choose an emoji", data: { testid: "emoji-picker" } },
    input,
    grid,
  );
  box.addEventListener("keydown", (event) => moveInGrid(event, input, grid));
  fill();
  if (openPopover(anchor, box)) input.focus();
}
