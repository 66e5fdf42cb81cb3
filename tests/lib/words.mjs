// The catalogue of words, as the pages and the server have it: tests look for words, not for markup.
import { readFileSync } from "node:fs";

const read = (language) =>
  JSON.parse(readFileSync(new URL(`../../web/words/${language}.json`, import.meta.url)));
const catalogues = { de: read("de"), en: read("en") };

function sentence(language, key) {
  const found = catalogues[language][key];
  if (found === undefined) {
    throw new Error(`no word ${key} in ${language}.json`);
  }
  return found;
}

// t(key, {n: 3}): the sentence with its places filled.
// t.like(key): a pattern for it, whatever stands in its places.
export function words(language) {
  const t = (key, values = {}) =>
    sentence(language, key).replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
  t.like = (key, values = {}) => {
    const escaped = t(key, values).replace(/[.*+?^$()|[\]\\]/g, "\\$&");
    return new RegExp(`^\\s*${escaped.replace(/\{\w+\}/g, ".+")}\\s*$`);
  };
  return t;
}
