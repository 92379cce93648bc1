// Live updates by Server-Sent Events, opened again after a break.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

// A browser opens only a few connections to one server, so a window in the background gives its own back.
// Listens as one person. `onUpdate` gets each update, `onOpen` runs at every (re)connection, `onBreak` when it is lost.
export function listen(user, { onUpdate, onOpen, onBreak }) {
  let source = null;
  let timer = null;
  let wait = FIRST_WAIT_MS;
  let stopped = false;

  const connect = () => {
    source = new EventSource(`/client/events?user=${encodeURIComponent(user)}`);
    source.onopen = () => {
      wait = FIRST_WAIT_MS;
      onOpen();
    };
    source.onmessage = (event) => onUpdate(JSON.parse(event.data));
    source.onerror = () => {
      source.close();
      if (stopped) return;
      onBreak();
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    };
  };
  const pause = () => {
    clearTimeout(timer);
    source?.close();
  };
  const followVisibility = () => {
    pause();
    if (!document.hidden) connect();
  };
  document.addEventListener("visibilitychange", followVisibility);
  connect();

  return () => {
    stopped = true;
    document.removeEventListener("visibilitychange", followVisibility);
    pause();
  };
}
