// What the page knows right now: the server's answers, as the chosen person sees them.

export const store = {
  team: null,
  me: null,
  users: new Map(),
  channels: new Map(),
  app: null,
  commands: [],
  shortcuts: [],
  emoji: {},
  route: { user: null, channel: null, thread: null, home: false },
  messages: [],
  threadMessages: [],
  typing: new Map(),
};

export function keepState(answer) {
  store.team = answer.team;
  store.me = answer.me;
  store.users = new Map(answer.users.map((user) => [user.id, user]));
  store.channels = new Map(answer.channels.map((channel) => [channel.id, channel]));
  store.app = answer.app ?? null;
  store.commands = answer.commands ?? [];
  store.shortcuts = answer.shortcuts ?? [];
  store.emoji = answer.emoji ?? {};
}

export function userName(id) {
  const user = store.users.get(id);
  return user ? user.display_name || user.real_name || user.name : id;
}

export function isOwnBot(id) {
  return Boolean(store.app && store.app.bot_user_id === id);
}

export function people() {
  return [...store.users.values()].filter((user) => !user.is_bot && !user.deleted);
}

// A channel's name as people read it; a direct message carries the other side's name.
export function channelName(channel) {
  if (!channel) return "";
  if (!channel.is_im) return channel.name;
  const other = channel.user ?? (channel.members ?? []).find((id) => id !== store.me?.id);
  return other ? userName(other) : channel.name;
}
