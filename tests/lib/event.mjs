// One event as its tests see it: its links, its resources, commands by POST, clients.
import assert from "node:assert/strict";
import { Client } from "./client.mjs";
import { bearer, request } from "./http.mjs";
import { padded } from "./keys.mjs";
import { until } from "./bounded.mjs";

export class Event {
  constructor(server, links) {
    this.server = server;
    this.slug = links.slug;
    this.links = links;
    const key = (link) => new URLSearchParams(new URL(link).hash.slice(1)).get("k");
    this.keys = {
      moderator: key(links.moderator),
      stage: key(links.stage),
      organiser: key(links.organiser),
    };
  }

  get url() {
    return `${this.server.url}/e/${this.slug}`;
  }

  // One command by POST; the whole answer with its status.
  async post(command, key) {
    const body = padded(JSON.stringify({ id: 1, ...command }));
    const headers = { "content-type": "application/json", ...bearer(key) };
    const answer = await request(`${this.url}/commands`, { method: "POST", headers, body });
    return { status: answer.status, ...answer.json };
  }

  async #must(command, key) {
    const answer = await this.post(command, key);
    assert.ok(answer.ok, `${command.cmd}: ${JSON.stringify(answer)}`);
    return answer.ok;
  }

  settle(settings) {
    return this.#must({ cmd: "settings", ...settings }, this.keys.organiser);
  }
  organise(cmd, members = {}) {
    return this.#must({ cmd, ...members }, this.keys.organiser);
  }
  moderate(cmd, members = {}) {
    return this.#must({ cmd, ...members }, this.keys.moderator);
  }
  move(n, from, to, more = {}) {
    return this.moderate("move", { n, from, to, ...more });
  }

  async snapshot(key) {
    const answer = await request(`${this.url}/snapshot`, { headers: bearer(key) });
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  }
  get staff() {
    return this.snapshot(this.keys.moderator);
  }
  async publicKeys() {
    return (await request(`${this.url}/keys`)).json.keys;
  }

  // A snapshot that says what is wanted: it is encoded at most once a second.
  async snapshotWhere(wanted, what, key, seconds) {
    return until(
      async () => {
        const snapshot = await this.snapshot(key);
        return wanted(snapshot) && snapshot;
      },
      what,
      seconds,
    );
  }

  join(options) {
    return Client.join(this, options);
  }
  joinStaff(role = "moderator", options = {}) {
    return Client.join(this, { role, key: this.keys[role], ...options });
  }

  // `count` questions, asked by one member, listed (or pending under moderation before showing).
  async fill(texts) {
    const asker = await this.join();
    const asked = [];
    for (let at = 0; at < texts.length; at += 20) {
      asked.push(...(await Promise.all(texts.slice(at, at + 20).map((text) => asker.ask(text)))));
    }
    const numbered = await until(async () => {
      const keys = new Map((await this.publicKeys()).map(([n, key]) => [key, n]));
      return asked.every(({ key }) => keys.has(key)) && keys;
    }, "every question has its number");
    asker.close();
    return asked.map(({ key }) => numbered.get(key));
  }
}
