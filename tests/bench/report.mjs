// What the parts found: figures with a target, figures of each server, points of the scaling lines.
import { known, median } from "./statistics.mjs";

export class Report {
  targets = []; // {part, name, aim, limit, atLeast, unit, digits, values, note}
  figures = []; // {part, server, name, unit, digits, values}
  failures = []; // {part, server, why}
  points = []; // {panel, line, x, name, unit, value}
  repeated = 0; // measurements made again, because the host took much of them

  // aim, limit: numbers in `unit`; at most, or at least with atLeast. digits: how many to print
  // after the point. note: what the number of runs does not tell.
  target(target) {
    const digits = Math.min(target.aim, target.limit) < 100 ? 1 : 0;
    this.targets.push({ digits, unit: "", ...target });
  }

  figure(part, server, name, unit, digits, values) {
    this.figures.push({ part, server, name, unit, digits, values });
  }

  failure(part, server, why) {
    this.failures.push({ part, server, why });
  }

  // `line` in `panel` of the plot: at x the values are these.
  point(panel, line, x, unit, values) {
    this.points.push({ panel, line, x, unit, values });
  }

  add({ targets, figures, failures, points, repeated }) {
    this.targets.push(...targets);
    this.figures.push(...figures);
    this.failures.push(...failures);
    this.points.push(...points);
    this.repeated += repeated;
  }
}

export function verdict({ aim, limit, atLeast, values }) {
  if (!known(values).length) {
    return "not measured";
  }
  const figure = median(values);
  const reaches = (bound) => (atLeast ? figure >= bound : figure <= bound);
  return reaches(aim) ? "met" : reaches(limit) ? "within the limit" : "missed";
}
