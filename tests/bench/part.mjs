// One part in a process of its own, started by run.mjs:
//   node part.mjs NAME '{"runs":5,"quick":false}'
// Sends its report to it. What it started ends with it, however it ends, after ten minutes at the
// latest (lib/bounded.mjs).
import { repeated } from "./host.mjs";
import { parts } from "./parts/index.mjs";
import { Report } from "./report.mjs";

const [name, settings] = process.argv.slice(2);
const report = new Report();
process.setMaxListeners(0); // each server that is started listens for the end
const part = await import(`./parts/${parts[name]}.mjs`);
await part[name]({ report, ...JSON.parse(settings) });
process.send({ ...report, repeated: repeated() }, () => process.exit(0));
