// Times, dates, initials and counts as people read them.

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

export function dateOf(ts) {
  return new Date(Number(ts) * 1000);
}

export function clock(ts) {
  return CLOCK.format(dateOf(ts));
}

export function fullTime(ts) {
  return FULL.format(dateOf(ts));
}

export function dayKey(ts) {
  return dateOf(ts).toDateString();
}

export function dayLabel(ts) {
  const day = dateOf(ts);
  const now = new Date();
  if (day.toDateString() === now.toDateString()) return "Today";
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  return day.toDateString() === yesterday.toDateString() ? "Yesterday" : DAY.format(day);
}

export function initials(name) {
  const words = (name || "?").trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
}

export function plural(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

// Slack's <!date^unix^pattern|fallback> patterns; one that is not known stays as written.
export function formatDate(unix, pattern) {
  const date = new Date(Number(unix) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const styles = {
    date_num: { dateStyle: "short" },
    date: { dateStyle: "long" },
    date_short: { dateStyle: "medium" },
    date_long: { dateStyle: "full" },
    date_pretty: { dateStyle: "long" },
    date_short_pretty: { dateStyle: "medium" },
    date_long_pretty: { dateStyle: "full" },
    time: { timeStyle: "short" },
    time_secs: { timeStyle: "medium" },
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, name) =>
    styles[name] ? new Intl.DateTimeFormat(undefined, styles[name]).format(date) : whole,
  );
}
