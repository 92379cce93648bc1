// The page's own line icons, drawn on a 20 by 20 grid.

const PATHS = {
  hash: "M7.5 3.5 6 16.5M14 3.5 12.5 16.5M3.5 7.5h13.5M3 12.5h13.5",
  lock: "M5 9.5h10v7H5zM7 9.5V7a3 3 0 0 1 6 0v2.5",
  smile:
    "M10 17.2a7.2 7.2 0 1 0 0-14.4 7.2 7.2 0 0 0 0 14.4zM7 11.8c.7 1.2 1.8 1.8 3 1.8s2.3-.6 3-1.8M7.6 7.8v.6M12.4 7.8v.6",
  reply: "M3.5 4.5h13v9h-7l-3.5 3v-3h-2.5zM7 7.7h6M7 10.3h4",
  dots: "M10 4.6v.01M10 10v.01M10 15.4v.01",
  pencil: "M4 16l.8-3.4L13.4 4l2.6 2.6-8.6 8.6zM11.8 5.6l2.6 2.6",
  trash: "M4 5.5h12M8 5.5V3.8h4v1.7M5.5 5.5l.7 11h7.6l.7-11M8.5 8.5v5M11.5 8.5v5",
  send: "M3.5 10 16.5 3.8 12.8 16.5 9.8 11zM9.8 11l6.7-7.2",
  close: "M5 5l10 10M15 5 5 15",
  menu: "M3.5 5.5h13M3.5 10h13M3.5 14.5h13",
  warning: "M10 3.2 17.5 16.5H2.5zM10 8v4M10 14.2v.1",
  bolt: "M11 2.8 4.5 11.2h4.7L8.5 17.2 15.5 8.6h-4.8z",
  home: "M3.5 9.5 10 3.8l6.5 5.7M5.5 8.5v7.7h9V8.5M8.5 16v-4.2h3V16",
  plus: "M10 4v12M4 10h12",
  chevron: "M5.5 8 10 12.5 14.5 8",
  back: "M12 4.5 6.5 10 12 15.5",
  check: "M4.5 10.5 8.2 14.2 15.5 6.5",
  search: "M8.8 14a5.2 5.2 0 1 0 0-10.4 5.2 5.2 0 0 0 0 10.4zM12.6 12.6l4 4",
  eye: "M2.5 10S5.3 5 10 5s7.5 5 7.5 5-2.8 5-7.5 5-7.5-5-7.5-5zM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
  people:
    "M7.5 9.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM2.5 16c.2-3 2.2-4.8 5-4.8s4.8 1.8 5 4.8M13 9.3a2.3 2.3 0 1 0-.6-4.5M14.3 11.4c1.9.4 3.1 2 3.2 4.4",
  file: "M5 3h7l3.5 3.5V17H5zM12 3v3.5h3.5",
  shield: "M10 2.8 16 5v4.5c0 3.6-2.4 6.3-6 7.7-3.6-1.4-6-4.1-6-7.7V5zM7.3 9.8l2 2 3.6-4",
};

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
