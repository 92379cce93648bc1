// Emoji by name: `:name:` and `:name::skin-tone-3:` become characters.

import { h } from "./dom.js";
import { store } from "./store.js";

const TONES = { 2: "\u{1F3FB}", 3: "\u{1F3FC}", 4: "\u{1F3FD}", 5: "\u{1F3FE}", 6: "\u{1F3FF}" };

// The character for a name, or null where the workspace does not know it.
export function emojiCharacter(name) {
  const [base, tone] = name.split("::skin-tone-");
  const character = Object.hasOwn(store.emoji, base) ? store.emoji[base] : null;
  return character && tone ? character + (TONES[tone] ?? "") : character;
}

export function emojiNode(name) {
  const character = emojiCharacter(name);
  if (!character) return document.createTextNode(`:${name}:`);
  return h(
    "span",
    { class: "emoji", role: "img", "aria-label": `${name.replaceAll("_", " ")} emoji`, title: `:${name}:` },
    character,
  );
}

// Names that fit what was typed: those that begin with it first.
export function searchEmoji(typed, most = 200) {
  const wanted = typed.toLowerCase().replace(/^:|:$/g, "").replace(/\s+/g, "_");
  const names = Object.keys(store.emoji);
  if (!wanted) return names.slice(0, most);
  const begins = names.filter((name) => name.startsWith(wanted));
  const holds = names.filter((name) => !name.startsWith(wanted) && name.includes(wanted));
  return [...begins, ...holds].slice(0, most);
}
