/* Keeps the keys, which everybody loads, free of what only gated events need. esbuild puts a whole file into one
   chunk: what pass.ts takes of the library of curves would go with the keys. For pass.ts that file, and the
   one that it alone uses, are bundled once more. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const namespace = "apart";

export const apart = {
  name: namespace,
  setup(build) {
    build.onResolve({ filter: /^@noble\/curves\/ed25519\.js$/ }, async ({ path, importer, ...from }) => {
      if (!importer.endsWith("/core/pass.ts") || from.pluginData === apart) {
        return undefined;
      }
      const { resolveDir, kind } = from;
      const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: apart });
      return { ...found, namespace };
    });
    build.onResolve({ filter: /\/oprf\.js$/, namespace }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path),
      namespace,
      sideEffects: false,
    }));
    build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: readFileSync(path, "utf8"),
      resolveDir: dirname(path),
    }));
  },
};
