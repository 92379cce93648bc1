// Avatars: a picture where there is one, else initials on the person's colour.

import { h, safeUrl } from "./dom.js";
import { initials } from "./format.js";
import { icon } from "./icons.js";
import { store, userName } from "./store.js";

function color(user) {
  const given = (user?.color ?? "").replace("#", "");
  return /^[0-9a-f]{6}$/i.test(given) ? `#${given}` : "#5b6b73";
}

export function avatar(userId, { name, size = "" } = {}) {
  const user = store.users.get(userId);
  const picture = user?.image ? safeUrl(new URL(user.image, location.href).href) : null;
  const label = (name ?? (user ? userName(userId) : "?")).replace(/\(.*?\)/g, "");
  const face = h(
    "span",
    { class: `avatar ${size}${user?.is_bot ? " bot" : ""}`, "aria-hidden": "true" },
    picture
      ? h("img", { src: picture, alt: "" })
      : user?.is_bot && user.id === store.app?.bot_user_id
        ? icon("bolt")
        : initials(label),
  );
  face.style.setProperty("--avatar", color(user));
  return face;
}

// The small words after a name: app, guest, other company.
export function badges(userId) {
  const user = store.users.get(userId);
  const words = [user?.is_bot && "App", user?.is_restricted && "Guest", user?.is_stranger && "Other company"].filter(
    Boolean,
  );
  return words.map((word) => h("span", { class: "badge" }, word));
}
