// What happens when somebody uses an element: ask, wait for the app, and say so when it stays silent.

import { api } from "./api.js";
import { askFor } from "./confirm.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";

const NO_ANSWER = "The app did not respond to this.";
const FAILURE_SHOWN_MS = 12000;
const pending = new Set();
const failures = new Map();
const remembered = new Map();

// A surface is where blocks stand: {key, channel?, message_ts?, view_id?, values?}; `values()`: what its form holds.
export const elementKey = (surface, blockId, element) => `${surface.key}|${blockId}|${element.action_id}`;

export function recall(surface, blockId, element, initial) {
  const key = elementKey(surface, blockId, element);
  return remembered.has(key) ? remembered.get(key) : initial;
}

export function remember(surface, blockId, element, value) {
  remembered.set(elementKey(surface, blockId, element), value);
}

export function forget(surfaceKey) {
  for (const map of [remembered, failures]) {
    for (const key of map.keys()) if (key.startsWith(`${surfaceKey}|`)) map.delete(key);
  }
}

function failureMark(text) {
  return h("span", { class: "failure", role: "alert", data: { testid: "action-failed" } }, icon("warning"), text);
}

// Wraps a control so that its waiting and its failure show, also after the message was drawn anew.
export function controlled(surface, blockId, element, control) {
  const key = elementKey(surface, blockId, element);
  const wrap = h("span", { class: "control", data: { key } }, control);
  showStatus(wrap, key);
  return wrap;
}

function showStatus(wrap, key) {
  const waiting = pending.has(key);
  wrap.classList.toggle("pending", waiting);
  wrap.firstElementChild.setAttribute("aria-busy", String(waiting));
  wrap.querySelector(":scope > .failure")?.remove();
  if (failures.has(key)) wrap.append(failureMark(failures.get(key)));
}

function refresh(key) {
  for (const wrap of document.querySelectorAll(`.control[data-key="${CSS.escape(key)}"]`)) showStatus(wrap, key);
}

function failed(key, text) {
  failures.set(key, text);
  setTimeout(() => {
    if (failures.get(key) !== text) return;
    failures.delete(key);
    refresh(key);
  }, FAILURE_SHOWN_MS);
}

// Sends the use of an element to the app; one use at a time for each element.
export async function act(surface, blockId, element, value) {
  const key = elementKey(surface, blockId, element);
  if (pending.has(key) || !(await askFor(element.confirm))) return;
  pending.add(key);
  failures.delete(key);
  refresh(key);
  try {
    const { channel, message_ts, view_id } = surface;
    const answer = await api.action({
      user: store.me.id,
      channel,
      message_ts,
      view_id,
      block_id: blockId,
      action_id: element.action_id,
      value,
      values: surface.values?.(),
    });
    if (!answer.acked) failed(key, answer.error || NO_ANSWER);
  } catch (refused) {
    failed(key, refused.message);
  } finally {
    pending.delete(key);
    refresh(key);
  }
}
