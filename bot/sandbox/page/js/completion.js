// Suggestions while typing: slash commands, people, channels and emoji.

import { freshId, h, replace } from "./dom.js";
import { emojiCharacter, searchEmoji } from "./emoji.js";
import { peopleNamed } from "./typed.js";
import { avatar } from "./avatar.js";
import { store, userName } from "./store.js";

const MOST = 8;

// Each kind: what it looks like just before the cursor, and what may complete it.
const KINDS = [
  { pattern: /^(\/\S*)$/, find: commands },
  { pattern: /(?:^|\s)@([\p{L}\p{N}._-]*)$/u, find: mentions },
  { pattern: /(?:^|\s)#([\p{L}\p{N}_-]*)$/u, find: rooms },
  { pattern: /(?:^|\s):([a-z0-9_+-]{2,})$/, find: emoji },
];

function commands(typed) {
  return store.commands
    .filter((item) => item.command.startsWith(typed))
    .map((item) => ({
      text: `${item.command} `,
      label: item.command,
      detail: [item.usage_hint, item.description].filter(Boolean).join(" — "),
      take: typed.length,
    }));
}

function mentions(typed) {
  return peopleNamed(typed).map((user) => ({
    text: `@${userName(user.id)} `,
    label: userName(user.id),
    detail: user.title,
    before: avatar(user.id, { size: "tiny" }),
    take: typed.length + 1,
  }));
}

function rooms(typed) {
  return [...store.channels.values()]
    .filter((room) => !room.is_im && room.name.includes(typed))
    .map((room) => ({ text: `#${room.name} `, label: `#${room.name}`, detail: "", take: typed.length + 1 }));
}

function emoji(typed) {
  return searchEmoji(typed, MOST).map((name) => ({
    text: `:${name}: `,
    label: `:${name}:`,
    before: emojiCharacter(name),
    detail: "",
    take: typed.length + 1,
  }));
}

function choicesFor(text) {
  for (const { pattern, find } of KINDS) {
    const match = text.match(pattern);
    if (match) return find(match[1]).slice(0, MOST);
  }
  return [];
}

// Adds a list above a text area. Gives {handleKey(event) -> whether it took the key, close()}.
export function addCompletion(area, holder) {
  const list = h("ul", {
    class: "completion",
    role: "listbox",
    id: freshId("completion"),
    "aria-label": "Suggestions",
    hidden: true,
    data: { testid: "completion" },
  });
  const state = { choices: [], at: 0 };
  area.setAttribute("aria-controls", list.id);
  area.setAttribute("aria-autocomplete", "list");
  holder.prepend(list);

  const close = () => {
    state.choices = [];
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
  };
  const take = (choice) => {
    const end = area.selectionStart;
    area.setRangeText(choice.text, end - choice.take, end, "end");
    close();
    area.dispatchEvent(new Event("input"));
    area.focus();
  };
  const draw = () => {
    list.hidden = !state.choices.length;
    const row = (choice, index) =>
      h(
        "li",
        {
          id: `${list.id}-${index}`,
          role: "option",
          "aria-selected": String(index === state.at),
          on: {
            pointerdown: (event) => {
              event.preventDefault();
              take(choice);
            },
          },
        },
        choice.before,
        h("strong", {}, choice.label),
        h("span", { class: "quiet" }, choice.detail),
      );
    replace(list, state.choices.map(row));
    if (state.choices.length) area.setAttribute("aria-activedescendant", `${list.id}-${state.at}`);
    else area.removeAttribute("aria-activedescendant");
  };
  const move = (step) => {
    state.at = (state.at + step + state.choices.length) % state.choices.length;
    draw();
  };
  area.addEventListener("input", () => {
    state.choices = choicesFor(area.value.slice(0, area.selectionStart));
    state.at = 0;
    draw();
  });
  area.addEventListener("blur", close);
  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Tab: () => take(state.choices[state.at]),
    Enter: () => take(state.choices[state.at]),
    Escape: close,
  };
  const handleKey = (event) => {
    const done = state.choices.length && keys[event.key];
    // A command typed in full is sent by Enter, not completed once more.
    if (!done || (event.key === "Enter" && state.choices[state.at].text.trim() === area.value.trim())) return false;
    event.preventDefault();
    event.stopPropagation();
    done();
    return true;
  };
  return { handleKey, close };
}
