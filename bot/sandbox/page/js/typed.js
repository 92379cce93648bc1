// Stored text turned back into what its author typed, and the people a half-typed name may mean.

import { unescape } from "./mrkdwn.js";
import { channelName, people, store, userName } from "./store.js";

export function decode(stored) {
  const written = stored.replace(/<([^<>]+)>/g, (whole, body) => {
    const [target, label] = body.split("|");
    if (target.startsWith("@")) return `@${userName(target.slice(1))}`;
    if (target.startsWith("#"))
      return `#${channelName(store.channels.get(target.slice(1))) || label || target.slice(1)}`;
    if (target.startsWith("!")) return label ?? `@${target.slice(1)}`;
    return label && target.startsWith("mailto:") ? label : target;
  });
  return unescape(written);
}

export function peopleNamed(typed) {
  const wanted = typed.toLowerCase();
  const bots = [...store.users.values()].filter((user) => user.is_bot);
  const fits = (user) =>
    [userName(user.id), user.real_name, user.name].some((name) => (name ?? "").toLowerCase().includes(wanted));
  return [...people(), ...bots].filter(fits);
}
