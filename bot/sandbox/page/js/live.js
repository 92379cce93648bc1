// Live updates by Server-Sent Events, opened again after a break.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

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
  connect();

  return () => {
    stopped = true;
    clearTimeout(timer);
    source.close();
  };
}
