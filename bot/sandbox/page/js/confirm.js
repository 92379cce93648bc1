// A question before something that cannot be taken back; also Block Kit's confirm objects.

import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";

// Shows a dialog and gives true for the confirming button, false for everything else.
export function ask({ title, text, confirm = "OK", deny = "Cancel", danger = false }) {
  const back = document.activeElement;
  return new Promise((resolve) => {
    const button = (label, value, style) =>
      h(
        "button",
        { type: "button", class: `button ${style}`, data: { testid: value }, on: { click: () => dialog.close(value) } },
        label,
      );
    const yes = button(confirm, "confirm-yes", danger ? "danger" : "primary");
    const dialog = h(
      "dialog",
      { class: "dialog small", "aria-label": "Confirm", data: { testid: "confirm" } },
      h("h2", {}, title),
      h("div", { class: "dialog-body" }, text),
      h("div", { class: "dialog-foot" }, button(deny, "confirm-no", ""), yes),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (back?.isConnected) back.focus({ preventScroll: true });
      resolve(dialog.returnValue === "confirm-yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    yes.focus();
  });
}

export function askFor(confirmObject) {
  if (!confirmObject) return Promise.resolve(true);
  return ask({
    title: textObject(confirmObject.title),
    text: textObject(confirmObject.text, { block: true }),
    confirm: confirmObject.confirm ? textObject(confirmObject.confirm) : "Yes",
    deny: confirmObject.deny ? textObject(confirmObject.deny) : "Cancel",
    danger: confirmObject.style === "danger",
  });
}
