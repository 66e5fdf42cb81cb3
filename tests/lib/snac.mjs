// The real snac2, from Debian's backports: a server with the Mastodon client API, on loopback.
//   const snac = await Snac.start();           snac.url, snac.host ("127.0.0.1:PORT")
//   const account = await snac.account("vera"); { name, password }
//   await Snac.signIn(page, account);          in Chromium, from its authorize address
// A status gets a new id with every edit: tell them apart by `uri`.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { until, within } from "./bounded.mjs";
import { bearer, request } from "./http.mjs";
import { Peer } from "./peer.mjs";
import { freePort, root, run, scratch } from "./server.mjs";

const unpacked = path.join(root, "build/snac");
const program = path.join(unpacked, "root/usr/bin/snac");
const fetching = fileURLToPath(new URL("snac_fetch.sh", import.meta.url));
const libraries = ["usr/lib", "lib"].map((folder) =>
  path.join(unpacked, "root", folder, `${process.arch === "x64" ? "x86_64" : "aarch64"}-linux-gnu`),
);
const env = { LD_LIBRARY_PATH: libraries.join(":") };
const outOfBand = "urn:ietf:wg:oauth:2.0:oob";

async function snacRun(args, input) {
  const end = await run(program, args, { env, input });
  assert.equal(end.code, 0, `snac ${args[0]}: ${end.out}${end.err}`);
  return end.out;
}

export class Snac {
  static async start() {
    const fetched = await run(fetching, [unpacked], { seconds: 180 });
    assert.equal(fetched.code, 0, `snac2 is not to be had:\n${fetched.err}`);
    const snac = new Snac();
    snac.folder = path.join(scratch(), "snac");
    const port = await freePort();
    snac.host = `127.0.0.1:${port}`;
    snac.url = `http://${snac.host}`;
    await snacRun(["init", snac.folder], `127.0.0.1\n${port}\n${snac.host}\n\n\n`);
    const file = path.join(snac.folder, "server.json");
    const settings = JSON.parse(readFileSync(file));
    // Its sandbox wants a newer kernel than some machines have.
    Object.assign(settings, { protocol: "http", disable_sandbox: true });
    writeFileSync(file, JSON.stringify(settings));
    await snac.serve();
    return snac;
  }

  // The same accounts, at the same address; again after stop().
  async serve() {
    this.peer = new Peer(program, ["httpd", this.folder], { env });
    await until(
      async () => this.peer.end || (await this.#get("/api/v1/instance")),
      "snac starts",
      20,
    );
    assert.ok(!this.peer.end, `snac ended at once:\n${this.peer.log}`);
  }

  stop() {
    return this.peer.stop();
  }

  async #get(where, token) {
    const answer = await request(this.url + where, { headers: bearer(token) });
    assert.equal(answer.status, 200, `${where}: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  async #form(where, fields, token) {
    const answer = await request(this.url + where, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...bearer(token) },
      body: new URLSearchParams(fields).toString(),
    });
    assert.equal(answer.status, 200, `${where}: ${answer.status} ${answer.text}`);
    return answer;
  }

  async account(name) {
    const said = await snacRun(["adduser", this.folder, name]);
    const password = /password is (\S+)/.exec(said)?.[1];
    assert.ok(password, `snac adduser: ${said}`);
    return { name, password };
  }

  // Its log-in form is its consent too.
  static async signIn(page, { name, password }) {
    const there = new URL(page.url()).origin;
    await page.locator('input[name="login"]').fill(name);
    await page.locator('input[name="passwd"]').fill(password);
    const away = page.waitForURL((url) => url.origin !== there, { waitUntil: "commit" });
    const sent = page.locator('input[type="submit"]').click();
    await within(20, Promise.all([away, sent]), "snac sends the person back");
  }

  // Reads a list of whom to follow, as Mastodon has it; returns the actors that the account follows now.
  async importFollows({ name }, csv) {
    const folder = path.join(this.folder, "user", name, "import");
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "following_accounts.csv"), csv);
    const end = await run(program, ["import_csv", this.folder, name], { env: { DEBUG: "1" } });
    assert.equal(end.code, 0, end.err);
    return [...end.err.matchAll(/\] Following (\S+)/g)].map(([, actor]) => actor);
  }

  // A token of the tests' own application, beside the one that is tested.
  async token({ name, password }) {
    const app = await this.#form("/api/v1/apps", {
      client_name: "reader",
      redirect_uris: outOfBand,
      scopes: "read write",
    });
    const { client_id, client_secret } = app.json;
    const code = await this.#form("/oauth/x-snac-login", {
      ...{ login: name, passwd: password, redir: outOfBand, cid: client_id, state: "" },
    });
    const made = await this.#form("/oauth/token", {
      ...{ grant_type: "authorization_code", code: code.text.trim() },
      ...{ client_id, client_secret, redirect_uri: outOfBand },
    });
    return made.json.access_token;
  }

  // Posted by hand; its address.
  async toot(account, status) {
    const fields = { status, visibility: "public" };
    const posted = await this.#form("/api/v1/statuses", fields, await this.token(account));
    return posted.json.url;
  }

  // What the account has posted, the newest first; `text` is as it was sent.
  async statuses(token) {
    const { id } = await this.#get("/api/v1/accounts/verify_credentials", token);
    return this.#get(`/api/v1/accounts/${id}/statuses?limit=40`, token);
  }

  status(id, token) {
    return this.#get(`/api/v1/statuses/${id}`, token);
  }

  // { ancestors, descendants }
  context(id, token) {
    return this.#get(`/api/v1/statuses/${id}/context`, token);
  }

  // What everybody sees under a hashtag. It keeps what was once under it, with its newest text.
  tagged(tag) {
    return this.#get(`/api/v1/timelines/tag/${encodeURIComponent(tag.toLowerCase())}`);
  }
}
