// The sandbox's client API: one function per request, errors as one clear sentence.

export class Refused extends Error {}

async function call(method, path, body) {
  const options = { method, headers: { Accept: "application/json" } };
  if (body) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Refused("The sandbox does not answer. Is it still running?");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer.error || `The sandbox answered with status ${response.status}.`);
  return answer;
}

function query(path, fields) {
  const given = Object.entries(fields).filter(([, value]) => value);
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

const get = (path, fields = {}) => call("GET", query(path, fields));
const post = (path, body) => call("POST", path, body);

export const api = {
  state: (user) => get("/client/state", { user }),
  messages: (user, channel, thread_ts) => get("/client/messages", { user, channel, thread_ts }),
  views: (user) => get("/client/views", { user }),
  violations: () => get("/client/violations"),
  log: () => get("/client/log"),
  post: (body) => post("/client/post", body),
  edit: (body) => post("/client/edit", body),
  remove: (body) => post("/client/delete", body),
  react: (body) => post("/client/react", body),
  action: (body) => post("/client/action", body),
  submit: (body) => post("/client/submit", body),
  close: (body) => post("/client/close", body),
  command: (body) => post("/client/command", body),
  shortcut: (body) => post("/client/shortcut", body),
  openHome: (body) => post("/client/open_home", body),
  invite: (body) => post("/client/invite", body),
  kick: (body) => post("/client/kick", body),
  archive: (body) => post("/client/archive", body),
  createChannel: (body) => post("/client/create_channel", body),
};
