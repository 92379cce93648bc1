// The page's centre: follows the address, asks the server, listens to it, and draws.

import { api } from "./api.js";
import { Drawer } from "./drawer.js";
import { latest } from "./latest.js";
import { listen } from "./live.js";
import { Modal } from "./modal.js";
import { notice, orNotice } from "./notices.js";
import { ChannelPane, ThreadPane } from "./panes.js";
import { closePopover } from "./popover.js";
import { formatRoute, go, readRoute } from "./route.js";
import { drawSidebar } from "./sidebar.js";
import { keepState, people, store } from "./store.js";

const STATUS_SHOWN_MS = 120000;
const byId = (id) => document.getElementById(id);
const sidebar = byId("sidebar");
const moveTo = (part) => go({ ...store.route, ...part });

const channelPane = new ChannelPane(byId("channel"), { openThread, openDrawer: () => drawer.open() });
const threadPane = new ThreadPane(byId("thread"), { close: closeThread });
const drawer = new Drawer(sidebar, byId("scrim"), [byId("channel"), byId("thread")]);
const modal = new Modal();
modal.reload = () => refreshViews();

let violations = null;
let stopListening = () => undefined;
let listeningAs = null;
let threadOpener = null;
let wantsThreadComposer = false;

function openThread(ts, { compose = false } = {}) {
  threadOpener = store.route.channel && ts;
  wantsThreadComposer = compose;
  if (store.route.thread === ts && compose) threadPane.composer.area.focus();
  moveTo({ thread: ts });
}

function closeThread() {
  moveTo({ thread: null });
  const item =
    threadOpener && document.querySelector(`#channel [data-testid=message][data-ts="${CSS.escape(threadOpener)}"]`);
  (item?.querySelector("[data-testid=open-thread]") ?? item ?? channelPane.composer.area).focus({
    preventScroll: true,
  });
}

// Everything drawn in a message that does not stand in the message itself.
function version() {
  return [store.me.id, store.users.size, store.channels.size, store.shortcuts.length].join();
}

function draw() {
  if (!store.me) return;
  const { channel: channelId, thread, home } = store.route;
  const channel = store.channels.get(channelId);
  drawSidebar(sidebar, { go: chooseRoom, choosePerson, violations: violations ?? 0 });
  if (home) channelPane.drawHome();
  else if (!channel) channelPane.drawNothing("There is no such channel, or you may not see it.");
  else channelPane.draw(channel, store.messages, version());
  if (thread && channel && !home) threadPane.draw(channel, thread, store.threadMessages, version());
  else threadPane.hide();
  document.body.classList.toggle("has-thread", Boolean(thread && channel && !home));
  document.title = `${home ? (store.app?.name ?? "App") : channel ? `#${channel.name}` : "Sandbox"} · ${store.team.name}`;
}

function chooseRoom(part) {
  drawer.close();
  moveTo(part);
}

function choosePerson(user) {
  drawer.close();
  moveTo({ user });
}

const refreshState = latest(async () => {
  const user = store.route.user;
  const answer = await orNotice(api.state(user));
  if (!answer || user !== store.route.user) return;
  keepState(answer);
  draw();
});

const refreshChannel = latest(async () => {
  const { user, channel } = store.route;
  if (!user || !channel || !store.channels.has(channel)) return;
  const answer = await orNotice(api.messages(user, channel));
  if (!answer || user !== store.route.user || channel !== store.route.channel) return;
  store.messages = answer.messages;
  draw();
});

const refreshThread = latest(async () => {
  const { user, channel, thread } = store.route;
  if (!user || !channel || !thread) return;
  const answer = await orNotice(api.messages(user, channel, thread));
  if (!answer || thread !== store.route.thread || user !== store.route.user) return;
  store.threadMessages = answer.messages;
  draw();
  if (wantsThreadComposer) threadPane.composer.area.focus();
  wantsThreadComposer = false;
});

const refreshViews = latest(async () => {
  const { user } = store.route;
  const answer = user && (await orNotice(api.views(user)));
  if (answer && user === store.route.user) modal.show((answer.views ?? []).filter((view) => view.type !== "home"));
});

const refreshViolations = latest(async () => {
  const answer = await orNotice(api.violations());
  if (!answer) return;
  const isNews = violations !== null && answer.violations.length > violations;
  violations = answer.violations.length;
  if (isNews) notice(`The app broke a rule of Slack: ${answer.violations.at(-1).rule}`, "error");
  draw();
});

async function refreshAll() {
  await refreshState();
  await Promise.all([refreshChannel(), refreshThread(), refreshViews(), refreshViolations()]);
}

// The app's words about what it is doing in a thread; its next message there ends them.
function handleTyping({ channel, thread_ts: thread, status }) {
  const place = `${channel}|${thread}`;
  const said = { status };
  if (status) store.typing.set(place, said);
  else store.typing.delete(place);
  setTimeout(() => store.typing.get(place) === said && store.typing.delete(place) && draw(), STATUS_SHOWN_MS);
  draw();
}

function handleMessageUpdate(update) {
  if (update.type === "message" && update.message?.bot_id) store.typing.delete(`${update.channel}|${update.thread_ts}`);
  if (update.channel === store.route.channel) {
    refreshChannel();
    if (store.route.thread) refreshThread();
  } else {
    refreshState();
  }
}

const HANDLERS = {
  message: handleMessageUpdate,
  message_changed: handleMessageUpdate,
  message_deleted: handleMessageUpdate,
  reaction: handleMessageUpdate,
  view: handleView,
  view_closed: handleView,
  channel: () => Promise.all([refreshState(), refreshChannel()]),
  app: refreshState,
  violation: refreshViolations,
  typing: handleTyping,
};

function handleView(update) {
  if (update.view?.type === "home") {
    if (store.route.home) channelPane.home.show(update.view);
    return;
  }
  refreshViews();
}

function listenAs(user) {
  if (listeningAs === user) return;
  stopListening();
  listeningAs = user;
  stopListening = listen(user, {
    onUpdate: (update) => HANDLERS[update.type]?.(update),
    onOpen: () => {
      channelPane.say("");
      refreshAll();
    },
    onBreak: () => channelPane.say("Connection lost. Trying again…"),
  });
}

// A first visit has no address yet: the first person in the first channel they are in.
async function completeRoute(route) {
  if (!store.me || (route.user && route.user !== store.me.id)) {
    const answer = (await orNotice(api.state(route.user))) ?? (await orNotice(api.state()));
    if (!answer) return null;
    keepState(answer);
  }
  const user = store.me?.id ?? people()[0]?.id;
  const rooms = [...store.channels.values()].filter((room) => !room.is_archived && !room.is_im);
  const mine = rooms.find((room) => (room.members ?? []).includes(user)) ?? rooms[0];
  const channel = route.home || store.channels.has(route.channel) ? route.channel : (mine?.id ?? null);
  return { ...route, user, channel, thread: channel === route.channel ? route.thread : null };
}

async function follow() {
  closePopover();
  const asked = readRoute();
  const route = await completeRoute(asked);
  if (!route) return channelPane.say("The sandbox does not answer. Reload this page when it runs again.");
  history.replaceState(null, "", formatRoute(route));
  const before = store.route;
  store.route = route;
  if (route.user !== before.user || route.channel !== before.channel) store.messages = [];
  if (route.user !== before.user || route.thread !== before.thread) store.threadMessages = [];
  const opened = route.home && (!before.home || route.user !== before.user);
  if (listeningAs !== route.user) listenAs(route.user);
  else
    await Promise.all([
      route.channel !== before.channel ? refreshChannel().then(refreshState) : null,
      route.thread !== before.thread ? refreshThread() : null,
    ]);
  draw();
  if (opened) channelPane.home.open();
}

addEventListener("hashchange", follow);
follow();
