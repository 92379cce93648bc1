// Keeps the keyboard where it was when a part of the page is built anew.

const HOOKS = ["data-action-id", "data-testid", "data-reaction"];

function nameOf(node, root) {
  const hook = HOOKS.find((name) => node.hasAttribute(name));
  if (!hook) return null;
  const selector = `[${hook}="${CSS.escape(node.getAttribute(hook))}"]`;
  return { selector, index: [...root.querySelectorAll(selector)].indexOf(node) };
}

function find(root, name) {
  const found = root.querySelectorAll(name.selector);
  return found[name.index] ?? found[0] ?? null;
}

// Runs `rebuild`, then focuses the control that took the focused one's place (or `fallback`).
export function keepFocus(root, rebuild, fallback = null) {
  const active = document.activeElement;
  const inside = active && active !== root && root.contains(active);
  const name = inside ? nameOf(active, root) : null;
  const range = inside && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  rebuild();
  if (!inside || root.contains(document.activeElement)) return;
  const next = (name && find(root, name)) ?? fallback;
  next?.focus({ preventScroll: true });
  if (next && range && range[0] !== null) next.setSelectionRange?.(...range);
}

// A way back to a control that may meanwhile have been replaced by a newer copy of itself.
export function wayBack(node) {
  const root = node.closest("[data-testid=message], dialog, .pane, .sidebar") ?? document.body;
  const anchor = root.dataset.ts ? `[data-testid=message][data-ts="${CSS.escape(root.dataset.ts)}"]` : null;
  const name = nameOf(node, root);
  return () => {
    if (node.isConnected) return node.focus({ preventScroll: true });
    const home = root.isConnected ? root : anchor && document.querySelector(anchor);
    if (home && name) find(home, name)?.focus({ preventScroll: true });
  };
}
