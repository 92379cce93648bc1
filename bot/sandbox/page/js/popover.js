// A floating box beside a control: placed inside the window, closed by Escape, Tab-out or a click elsewhere.

import { wayBack } from "./focus.js";

const MARGIN_PX = 8;
let open = null;

function place(box, anchor) {
  const from = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = from.bottom + 4 + height <= innerHeight - MARGIN_PX || from.top < height + MARGIN_PX;
  const top = below ? from.bottom + 4 : from.top - height - 4;
  const start = from.left + width > innerWidth - MARGIN_PX ? from.right - width : from.left;
  box.style.top = `${Math.max(MARGIN_PX, Math.min(top, innerHeight - height - MARGIN_PX))}px`;
  box.style.left = `${Math.max(MARGIN_PX, Math.min(start, innerWidth - width - MARGIN_PX))}px`;
}

export function closePopover({ refocus = true } = {}) {
  if (!open) return;
  const { box, back, controller, anchor, onClose } = open;
  const held = box.contains(document.activeElement);
  open = null;
  controller.abort();
  box.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (refocus && held) back();
  onClose?.();
}

// Shows `box` beside `anchor`; opening the same anchor again closes it. Gives whether it is open now.
export function openPopover(anchor, box, { onClose } = {}) {
  const again = open?.anchor === anchor;
  closePopover({ refocus: again });
  if (again) return false;
  const controller = new AbortController();
  const { signal } = controller;
  box.classList.add("popover");
  (anchor.closest("dialog") ?? document.body).append(box);
  open = { box, anchor, back: wayBack(anchor), controller, onClose };
  anchor.setAttribute("aria-expanded", "true");
  place(box, anchor);
  document.addEventListener("pointerdown", (event) => closeUnless(event.target), { signal, capture: true });
  document.addEventListener("keydown", escape, { signal, capture: true });
  addEventListener("resize", () => closePopover(), { signal });
  box.addEventListener("focusout", (event) => event.relatedTarget && closeUnless(event.relatedTarget), { signal });
  return true;
}

function closeUnless(target) {
  if (open && !open.box.contains(target) && !open.anchor.contains(target)) closePopover({ refocus: false });
}

function escape(event) {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  closePopover();
}
