// What stands between Raute and a PDS: a directory that may lie, and a server in front of the PDS
// that sees every call and may keep an answer to itself.
//   const front = await Front.start(pds);   front.plc, front.url, front.peers
//   front.documents.set(did, (document) => …)   what the directory says of it instead
//   front.before = ({ method, token, body }) => ({ status, json })   answered without the PDS
//   front.after = ({ method, token, body }) => true                  done, but never answered
// DID documents name the front as PDS; `front.direct` holds the DIDs that are led to the PDS itself.
import http from "node:http";
import { request } from "./http.mjs";

const listen = (server) =>
  new Promise((resolve, reject) =>
    server.on("error", reject).listen(0, "127.0.0.1", () => resolve(server.address().port)),
  );

async function bodyOf(asked) {
  const parts = [];
  for await (const part of asked) {
    parts.push(part);
  }
  return Buffer.concat(parts);
}

export class Front {
  static async start(pds) {
    const front = new Front();
    Object.assign(front, { pds, calls: [], documents: new Map(), direct: new Set() });
    front.reset();
    front.servers = [
      http.createServer((asked, answer) => front.#pass(asked, answer)),
      http.createServer((asked, answer) => front.#document(asked, answer)),
    ];
    const ports = await Promise.all(front.servers.map(listen));
    front.servers.forEach((server) => server.unref());
    [front.url, front.plc] = ports.map((port) => `http://localhost:${port}`);
    front.peers = [front.url, front.plc, pds.url].map((url) => new URL(url).host);
    return front;
  }

  reset() {
    this.before = () => undefined;
    this.after = () => false;
  }

  // All calls of a method, newest last.
  of(method) {
    return this.calls.filter((call) => call.method === method);
  }

  async #pass(asked, answer) {
    const bytes = await bodyOf(asked);
    const { pathname } = new URL(asked.url, this.url);
    const call = {
      method: pathname.replace("/xrpc/com.atproto.", ""),
      token: asked.headers.authorization,
      body: asked.headers["content-type"]?.includes("json") ? JSON.parse(bytes) : undefined,
    };
    this.calls.push(call);
    const instead = this.before(call);
    if (instead) {
      answer.writeHead(instead.status, { "content-type": "application/json" });
      answer.end(JSON.stringify(instead.json));
      return;
    }
    const { host, connection, ...headers } = asked.headers;
    const far = await request(new URL(asked.url, this.pds.url), {
      method: asked.method,
      headers,
      body: bytes.length ? bytes : undefined,
    });
    call.answer = far.text;
    if (this.after(call)) {
      asked.socket.destroy();
      return;
    }
    answer.writeHead(far.status, { "content-type": far.headers["content-type"] ?? "text/plain" });
    answer.end(far.bytes);
  }

  async #document(asked, answer) {
    const did = decodeURIComponent(asked.url.slice(1));
    const far = await request(new URL(asked.url, this.pds.plc));
    let document = far.status === 200 ? far.json : undefined;
    if (document && !this.direct.has(did)) {
      document.service[0].serviceEndpoint = this.url;
    }
    document = this.documents.get(did)?.(document) ?? document;
    answer.writeHead(document ? 200 : 404, { "content-type": "application/did+ld+json" });
    answer.end(JSON.stringify(document ?? {}));
  }

  async stop() {
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}
