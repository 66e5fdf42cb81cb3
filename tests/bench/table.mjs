// The report as markdown and as CSV.
import { verdict } from "./report.mjs";
import { known, median } from "./statistics.mjs";

const number = (value, digits) =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

// "5.21 (4.90–5.60, 5 runs)"
export function measured(places, digits, unit = "") {
  const values = known(places);
  if (!values.length) {
    return "–";
  }
  const text = (value) => number(value, digits);
  const runs =
    values.length === 1
      ? "single run"
      : `${text(Math.min(...values))}–${text(Math.max(...values))}, ${values.length} runs`;
  return `${text(median(values))}${unit && ` ${unit}`} (${runs})`;
}

const row = (cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) => [row(head), row(head.map(() => "---")), ...rows.map(row), ""];

// Small numbers get no verdict.
function targets({ targets, failures }, quick) {
  const bound = ({ atLeast, digits, unit }, value) => {
    const figure = number(value, Number.isInteger(value) ? 0 : digits);
    return `${atLeast ? "≥" : "≤"} ${figure}${unit && ` ${unit}`}`;
  };
  const head = ["part", "figure", "aim", "must not be worse than", "measured", "verdict"];
  return table(
    head,
    targets.map((target) => {
      const { part, name, aim, limit, values, digits, unit, note } = target;
      const why = failures
        .filter((failure) => failure.part === part)
        .map((failure) => `${failure.server}: ${failure.why}`)
        .join("; ");
      return [
        part,
        name,
        bound(target, aim),
        bound(target, limit),
        known(values).length ? measured(values, digits, unit) : why || "–",
        (quick ? "–" : verdict(target)) + (note ? `; ${note}` : ""),
      ];
    }),
  );
}

// One table a part: servers are its rows, figures its columns.
function figures({ figures, failures }) {
  const parts = new Set([...figures, ...failures].map(({ part }) => part));
  return [...parts].flatMap((part) => {
    const own = figures.filter((figure) => figure.part === part);
    const failed = failures.filter((failure) => failure.part === part);
    const names = [...new Set(own.map(({ name }) => name))];
    const servers = [...new Set([...own, ...failed].map(({ server }) => server))];
    const unitOf = (name) => own.find((figure) => figure.name === name).unit;
    const head = ["", ...names.map((name) => (unitOf(name) ? `${name}, ${unitOf(name)}` : name))];
    const rows = servers.map((server) => {
      const why = failed.find((failure) => failure.server === server)?.why;
      const cells = names.map((name) => {
        const figure = own.find((each) => each.server === server && each.name === name);
        return figure ? measured(figure.values, figure.digits) : "–";
      });
      return [why ? `${server}: could not be measured (${why})` : server, ...cells];
    });
    return [`### ${part}`, "", ...table(head, rows)];
  });
}

export function markdown(report, quick) {
  return [
    quick ? "# Speed: a quick try, no measurement" : "# Speed",
    "",
    "Medians, with the range and the number of runs. Ratios are of the same round. Client and server",
    "share one machine and its loopback: ratios count, absolute times only illustrate. What the host",
    "took more than a tenth of was measured again, up to three times, and what it took least of",
    "counts. A verdict is on the median before it is rounded.",
    "",
    ...(report.targets.length ? targets(report, quick) : []),
    "## Each server",
    "",
    ...figures(report),
  ].join("\n");
}

function quoted(cell) {
  const text = `${cell}`;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
const lines = (rows) => rows.map((cells) => `${cells.map(quoted).join(",")}\n`).join("");

// [run, value] of those that were measured
const byRun = (values) =>
  values.map((value, round) => [round + 1, value]).filter(([, value]) => Number.isFinite(value));

// Every single value, a line each.
export function figuresCsv({ figures, targets }) {
  const each = (figure, server) =>
    byRun(figure.values).map((run) => [
      ...[figure.part, server, figure.name, figure.unit],
      ...run,
    ]);
  return lines([
    ["part", "server", "figure", "unit", "run", "value"],
    ...targets.flatMap((target) => each(target, "target")),
    ...figures.flatMap((figure) => each(figure, figure.server)),
  ]);
}

export const scalingCsv = ({ points }) =>
  lines([
    ["panel", "line", "x", "unit", "run", "value"],
    ...points.flatMap(({ panel, line, x, unit, values }) =>
      byRun(values).map((run) => [panel, line, x, unit, ...run]),
    ),
  ]);
