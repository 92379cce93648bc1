// Short notices for the eye and a quiet line for screen readers.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_MS = 7000;

export function notice(text, kind = "info") {
  const close = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Dismiss", on: { click: () => box.remove() } },
    icon("close"),
  );
  const box = h(
    "div",
    { class: `notice notice-${kind}`, data: { testid: "notice" } },
    kind === "error" ? icon("warning") : null,
    h("span", {}, text),
    close,
  );
  document.getElementById("notices").append(box);
  setTimeout(() => box.remove(), SHOWN_MS);
}

export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

// Awaits a request; a refusal becomes a notice and gives undefined.
export async function orNotice(promise) {
  try {
    return await promise;
  } catch (refused) {
    notice(refused.message, "error");
    return undefined;
  }
}
