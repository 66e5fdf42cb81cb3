// The real Bluesky PDS (npm @atproto/pds) with a PLC directory in memory, on loopback.
//   const pds = await Pds.start();             pds.url, pds.plc: its address and the directory's
//   const account = await pds.account("vera"); { handle: "vera.test", did, password }
//   await pds.appPassword(account);            "xxxx-xxxx-xxxx-xxxx"
// Names under .test are in no DNS: the PDS resolves its own handles, lib/dns.mjs tells ours.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { until } from "./bounded.mjs";
import { request } from "./http.mjs";
import { Peer } from "./peer.mjs";
import { freePort, scratch } from "./server.mjs";

const program = fileURLToPath(new URL("pds_process.mjs", import.meta.url));
export const posts = "app.bsky.feed.post";

export class Pds {
  static async start() {
    const pds = new Pds();
    const ports = [await freePort(), await freePort()];
    pds.admin = randomBytes(16).toString("hex");
    pds.url = `http://localhost:${ports[0]}`;
    pds.plc = `http://localhost:${ports[1]}`;
    // The Node of npm: its native module was made for that one, whichever runs the tests.
    pds.peer = new Peer("node", [program, scratch(), ...ports.map(String), pds.admin], {
      env: { LOG_ENABLED: "false" },
    });
    await until(() => pds.peer.end ?? pds.peer.log.includes("listening"), "the PDS starts", 180);
    assert.ok(!pds.peer.end, `the PDS ended at once:\n${pds.peer.log}`);
    return pds;
  }

  stop() {
    return this.peer.stop();
  }

  // One call; its answer as JSON, or an error with the far reason.
  async call(method, { token, query, body } = {}) {
    const address = new URL(`/xrpc/${method}`, this.url);
    for (const [name, value] of Object.entries(query ?? {})) {
      address.searchParams.set(name, value);
    }
    const { status, text } = await request(address, {
      method: query ? "GET" : "POST",
      headers: {
        ...(token && { authorization: token }),
        ...(body && { "content-type": "application/json" }),
      },
      body: body && JSON.stringify(body),
    });
    assert.equal(status, 200, `${method}: ${status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  async account(name) {
    const account = { handle: `${name}.test`, password: randomBytes(9).toString("base64url") };
    const made = await this.call("com.atproto.server.createAccount", {
      body: { ...account, email: `${name}@example.org` },
    });
    return { ...account, did: made.did };
  }

  // The account holder's own session, with every right.
  async #session({ handle, password }) {
    const session = await this.call("com.atproto.server.createSession", {
      body: { identifier: handle, password },
    });
    return `Bearer ${session.accessJwt}`;
  }

  async appPassword(account, name = "raute") {
    const made = await this.call("com.atproto.server.createAppPassword", {
      token: await this.#session(account),
      body: { name },
    });
    return made.password;
  }

  async revokeAppPassword(account, name = "raute") {
    await this.call("com.atproto.server.revokeAppPassword", {
      token: await this.#session(account),
      body: { name },
    });
  }

  async deactivate(account) {
    await this.call("com.atproto.server.deactivateAccount", {
      token: await this.#session(account),
      body: {},
    });
  }

  // What the PDS's operator does to an account.
  async suspend(account, applied = true) {
    await this.call("com.atproto.admin.updateSubjectStatus", {
      token: `Basic ${Buffer.from(`admin:${this.admin}`).toString("base64")}`,
      body: {
        subject: { $type: "com.atproto.admin.defs#repoRef", did: account.did },
        takedown: { applied, ref: "test" },
      },
    });
  }

  // { uri, cid, value }, or undefined where there is none.
  async record(account, rkey, collection = posts) {
    try {
      return await this.call("com.atproto.repo.getRecord", {
        query: { repo: account.did, collection, rkey },
      });
    } catch (error) {
      assert.match(error.message, /RecordNotFound/);
      return undefined;
    }
  }

  // The newest first, at most 100.
  async records(account, collection = posts) {
    const listed = await this.call("com.atproto.repo.listRecords", {
      query: { repo: account.did, collection, limit: 100 },
    });
    return listed.records;
  }
}
