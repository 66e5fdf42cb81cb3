// Instructions of one command, deterministic: N and 2 N of them under callgrind.
import { tool } from "../tools.mjs";
import { instructions as count } from "../trace.mjs";

export async function instructions({ report, quick }) {
  const part = "instructions";
  for (const kind of quick ? ["vote"] : ["ask", "edit", "vote", "snapshot"]) {
    const few = { ask: 200, edit: 200, vote: 2000, snapshot: 20 }[kind];
    try {
      const [once, twice] = await Promise.all(
        [few, 2 * few].map((number) => count(tool("commands"), [kind, `${number}`])),
      );
      const name = kind === "snapshot" ? "snapshot of 200 questions, compressed" : kind;
      report.figure(part, name, "instructions each", "", 0, [(twice - once) / few]);
    } catch (error) {
      report.failure(part, kind, error.message.split("\n")[0]);
    }
  }
}
