// The scaling lines as one SVG: a panel per figure, x logarithmic, y from 0. Its colours can be
// read on light and on dark pages; the font is the reader's own.
import { median } from "./statistics.mjs";

const width = 400;
const height = 260;
const left = 56;
const right = 28;
const top = 40;
const bottom = 44;
const ink = "#7d8590";
const colours = ["#2f81f7", "#db6d28", "#2da44e", "#a371f7"];

const escaped = (text) => `${text}`.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const text = (x, y, words, more = "") =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${ink}" ${more}>${escaped(words)}</text>`;

// 1, 2 or 5 times a power of ten: at most five steps up to the greatest value.
function step(greatest) {
  const rough = greatest / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough);
}

const short = (value) => (value >= 1e6 ? `${value / 1e6} M` : value.toLocaleString("en"));

function panelOf(name, points) {
  const unit = points[0].unit;
  const xs = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  const lows = Math.log10(Math.max(xs[0], 1));
  const highs = Math.log10(Math.max(xs.at(-1), 1));
  const each = step(Math.max(...points.map((point) => median(point.values))));
  const steps = Math.ceil(Math.max(...points.map((point) => median(point.values))) / each) || 1;
  const atX = (x) =>
    left + ((Math.log10(Math.max(x, 1)) - lows) / (highs - lows || 1)) * (width - left - right);
  const atY = (y) => height - bottom - (y / (steps * each)) * (height - top - bottom);
  const [title, axis] = name.split(" / ");
  const parts = [text(left, 16, `${title}, ${unit}`, 'font-weight="600"')];
  for (let at = 0; at <= steps; at++) {
    const y = atY(at * each);
    parts.push(
      `<path d="M${left} ${y.toFixed(1)}H${width - right}" stroke="${ink}" stroke-opacity="0.3"/>`,
      text(left - 6, y + 4, Number((at * each).toPrecision(6)), 'text-anchor="end"'),
    );
  }
  for (const x of xs) {
    parts.push(text(atX(x), height - bottom + 16, short(x), 'text-anchor="middle"'));
  }
  parts.push(text((left + width - right) / 2, height - 10, axis, 'text-anchor="middle"'));
  [...new Set(points.map((point) => point.line))].forEach((line, index) => {
    const colour = colours[index % colours.length];
    const own = points.filter((point) => point.line === line).sort((a, b) => a.x - b.x);
    const spots = own.map((point) => [atX(point.x), atY(median(point.values))]);
    const way = spots.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
    const dots = spots.map(
      ([x, y]) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="${colour}"/>`,
    );
    parts.push(`<path d="M${way}" fill="none" stroke="${colour}" stroke-width="2"/>`, ...dots);
    const at = left + index * 84;
    parts.push(
      `<path d="M${at} 28h12" stroke="${colour}" stroke-width="3"/>`,
      text(at + 16, 32, line),
    );
  });
  return parts.join("\n");
}

export function plot(points) {
  const names = [...new Set(points.map((point) => point.panel))];
  const rows = Math.ceil(names.length / 2);
  const panels = names.map((name, at) => {
    const place = `translate(${(at % 2) * width} ${Math.floor(at / 2) * height})`;
    const own = points.filter((point) => point.panel === name);
    return `<g transform="${place}">\n${panelOf(name, own)}\n</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * width} ${rows * height}"`,
    'font-family="system-ui, sans-serif" font-size="12" role="img">',
    `<title>${names.map((name) => escaped(name.replace(" / ", " against "))).join("; ")}</title>`,
    ...panels,
    "</svg>\n",
  ].join("\n");
}
