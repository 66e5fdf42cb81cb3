/* For esbuild: `words:de` is the catalogue web/words/de.json without what other pages say. The words of a
   page begin with its name; `parts.` and `refusal.` are everybody's; `html.` the server's; and what two
   pages say has a name of its own. `words:person.de` is what is said only where people show themselves: it is
   loaded later, by whoever opens that. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "words");

const SAID_BY = {
  hashtag: ["start", "organiser"],
  share: ["audience", "question"],
};

export function words(page) {
  const shared = Object.keys(SAID_BY).filter((name) => SAID_BY[name].includes(page));
  const atOnce = ["parts", "refusal", page, ...shared];
  return {
    name: "words",
    setup(build) {
      build.onResolve({ filter: /^words:/ }, ({ path }) => ({
        path: `words-${path.slice("words:".length)}`,
        namespace: "words",
      }));
      build.onLoad({ filter: /.*/, namespace: "words" }, ({ path }) => {
        const [language, later] = path.slice("words-".length).split(".").reverse();
        const wanted = new Set(later === undefined ? atOnce : [later]);
        const all = Object.entries(JSON.parse(readFileSync(join(folder, `${language}.json`), "utf8")));
        const said = all.filter(([word]) => wanted.has(word.slice(0, word.indexOf("."))));
        return { contents: `export default ${JSON.stringify(Object.fromEntries(said))}`, loader: "js" };
      });
    },
  };
}
