// What an app's author wants to see: broken rules, the app's calls and what was delivered to it.

import { api } from "./api.js";
import { openDialog } from "./channel_dialogs.js";
import { h } from "./dom.js";
import { orNotice } from "./notices.js";

const MOST = 60;

function when(at) {
  const date = typeof at === "number" ? new Date(at * 1000) : new Date(at);
  return Number.isNaN(date.getTime()) ? String(at ?? "") : date.toLocaleTimeString();
}

function breach(item) {
  return h(
    "li",
    { class: "breach" },
    h("strong", {}, item.rule),
    h("div", {}, item.detail),
    h("small", { class: "quiet" }, when(item.at)),
  );
}

function entry(title, state, good, detail) {
  return h(
    "details",
    { class: "log-entry" },
    h(
      "summary",
      {},
      h("span", { class: `dot ${good ? "on" : "off"}`, "aria-hidden": "true" }),
      h("strong", {}, title),
      h("span", { class: "quiet" }, state),
    ),
    h("pre", {}, h("code", {}, JSON.stringify(detail, null, 2))),
  );
}

function callEntry(call) {
  const good = call.response?.ok !== false;
  return entry(call.method, good ? when(call.at) : `${call.response.error} · ${when(call.at)}`, good, {
    args: call.args,
    response: call.response,
  });
}

function deliveryEntry(delivery) {
  const acked = delivery.acked_ms !== null && delivery.acked_ms !== undefined;
  return entry(
    delivery.type,
    acked ? `acknowledged in ${Math.round(delivery.acked_ms)} ms` : "not acknowledged",
    acked,
    delivery,
  );
}

function part(title, items, draw, none) {
  const shown = [...items].reverse().slice(0, MOST);
  return h(
    "section",
    { class: "inspector-part" },
    h("h3", {}, `${title} (${items.length})`),
    shown.length
      ? h(
          "ul",
          {},
          shown.map((item) => (draw === breach ? draw(item) : h("li", {}, draw(item)))),
        )
      : h("p", { class: "quiet" }, none),
  );
}

export async function openInspector() {
  const answers = await orNotice(Promise.all([api.violations(), api.log()]));
  if (!answers) return;
  const [{ violations = [] }, { calls = [], deliveries = [] }] = answers;
  openDialog({
    title: "The app under test",
    testid: "inspector",
    body: [
      part("Broken rules", violations, breach, "The app has kept every rule so far."),
      part("Delivered to the app", deliveries, deliveryEntry, "Nothing yet."),
      part("Calls by the app", calls, callEntry, "Nothing yet."),
    ],
  });
}
