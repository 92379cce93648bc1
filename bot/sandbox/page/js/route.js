// Who looks at what, kept in the address: #/USER/CHANNEL/THREAD or #/USER/home.

export function readRoute() {
  const [user = null, place = null, thread = null] = location.hash
    .replace(/^#\/?/, "")
    .split("/")
    .filter(Boolean)
    .map(decodeURIComponent);
  const home = place === "home";
  return { user, channel: home ? null : place, thread: home ? null : thread, home };
}

export function formatRoute({ user, channel, thread, home }) {
  const parts = [user, home ? "home" : channel, home ? null : thread].filter(Boolean);
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

export function go(route) {
  const hash = formatRoute(route);
  if (location.hash === hash) return;
  location.hash = hash;
}
