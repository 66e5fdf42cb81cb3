/* The case files that C and TypeScript share. */

import { readFileSync } from "node:fs";

/* The tests run in the top folder (run.mjs). */
export function readCases<T>(name: string): T {
  return JSON.parse(readFileSync(`tests/protocol/${name}`, "utf8")) as T;
}

export const EVENT = {
  id: "AAECAwQFBgcICQoLDA0ODw",
  slug: "hro",
  title: "Netzwerken in Rostock",
  hashtags: ["NetzwerkenHRO"],
  language: "de",
  start: 100,
  end: 200,
  moderation: "before",
  release: 5,
  ask_burst: 3,
  ask_seconds: 20,
  retention: 30,
} as const;

export function snapshotOf(more: object = {}): string {
  return JSON.stringify({
    seq: 15,
    event: EVENT,
    talks: [{ id: 1, title: "Eröffnung", open: true }],
    current: 1,
    questions: [],
    orders: [],
    present: 0,
    url: "https://raute.example",
    ...more,
  });
}

export function questionOf(n: number, more: object = {}): object {
  return {
    n,
    talk: 1,
    tag: "AAECAwQFBgc",
    state: "listed",
    rev: 0,
    votes: 0,
    minute: 120,
    text: `Frage ${n}`,
    ...more,
  };
}
