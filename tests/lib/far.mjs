// What the strict far servers of the tests share: a listener on a free port, every request recorded,
// bodies read as the real ones read them, faults, limits, a clock that can be moved.
import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { bytesOf, fieldsOf, gathered, pairs } from "./bodies.mjs";
import { Faults, matcher } from "./faults.mjs";
import { Refusal } from "./refusal.mjs";

export class FarServer {
  requests = [];
  fail = new Faults();
  errorHeaders = {};
  #routes = [];
  #http;
  #sockets = new Set();
  #connections = 0;
  #offset = 0;
  #windows = new Map();

  // Routes are [method, pattern, handler, {page}]; a handler gets the recorded request and returns
  // {status, headers, body}, or throws a Refusal. Pages are for people: no fault meets them unasked.
  constructor(options, routes) {
    this.options = options;
    this.#routes = routes.map(([method, pattern, handler, more]) => ({
      matches: matcher(`${method} ${pattern}`),
      names: pattern.split("/"),
      handler,
      page: more?.page === true,
    }));
  }

  async up() {
    const { tls } = this.options;
    this.#http = (tls ? https : http).createServer(
      { ...tls, keepAliveTimeout: 60_000 },
      (incoming, outgoing) =>
        this.#serve(incoming, outgoing).catch((error) => {
          // Whoever asks may have gone in the middle of it; everything else is our mistake.
          if (error.code !== "ECONNRESET" && error.code !== "ERR_STREAM_PREMATURE_CLOSE") {
            this.broken = error;
          }
          outgoing.destroy();
        }),
    );
    this.#http.on(tls ? "secureConnection" : "connection", (socket) => {
      socket.number = ++this.#connections;
      socket.on("error", () => {});
    });
    this.#http.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
    });
    this.#http.listen(this.port ?? this.options.port ?? 0, "127.0.0.1");
    await once(this.#http, "listening");
    this.port = this.#http.address().port;
    this.host = `127.0.0.1:${this.port}`;
    this.url = `${tls ? "https" : "http"}://${this.host}`;
    return this;
  }

  // Nobody listens, until up(): the port and all that was stored stay.
  async down() {
    const closed = once(this.#http, "close");
    this.#http.close();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await closed;
  }

  async stop() {
    await this.down();
    if (this.broken) {
      throw this.broken;
    }
  }

  // The recorded requests for a method and path, as in Faults; those that a fault met among them.
  calls(when) {
    return this.requests.filter(matcher(when));
  }

  now() {
    return Date.now() + this.#offset;
  }

  // Lets time pass: codes, tokens, keys and limits age by it.
  pass(seconds) {
    this.#offset += seconds * 1000;
  }

  // Counts one use of a limit; false when there is none left. The window starts with the first use.
  spend(name, who, [most, seconds]) {
    const key = `${name} ${who}`;
    let window = this.#windows.get(key);
    if (!window || window.end <= this.now()) {
      window = { most, used: 0, end: this.now() + seconds * 1000 };
      this.#windows.set(key, window);
    }
    window.used++;
    return {
      limit: most,
      remaining: Math.max(0, most - window.used),
      end: window.end,
      ok: window.used <= most,
    };
  }

  async #serve(incoming, outgoing) {
    const request = await this.#record(incoming);
    const { socket } = incoming;
    if (socket.stale) {
      request.fault = "stale";
      socket.destroy();
      return;
    }
    const fault = this.fail.take(request);
    request.fault = fault?.kind;
    if (fault && (await this.#spoil(fault, request, outgoing))) {
      return;
    }
    const answer = await this.#answer(request);
    request.status = answer.status;
    request.answer = answer.body;
    if (fault?.kind === "lose") {
      socket.destroy();
    } else if (fault?.kind === "cut") {
      const { bytes, headers } = framed(answer);
      outgoing.writeHead(answer.status, {
        ...headers,
        "content-length": Math.max(2, bytes.length),
      });
      outgoing.write(bytes.subarray(0, bytes.length >> 1), () => socket.destroy());
    } else {
      this.#send(outgoing, answer);
      if (fault?.kind === "close") {
        outgoing.on("finish", () => socket.destroySoon());
      }
      socket.stale = fault?.kind === "stale";
    }
  }

  async #record(incoming) {
    const url = new URL(incoming.url, this.url);
    const request = {
      method: incoming.method,
      path: url.pathname,
      headers: incoming.headers,
      connection: incoming.socket.number,
      at: this.now(),
      query: {},
      fields: {},
    };
    request.route = this.#routes.find((route) => route.matches(request));
    request.page = request.route?.page === true;
    request.params = {};
    const own = request.path.split("/");
    request.route?.names.forEach((name, i) => {
      if (name.startsWith(":")) {
        request.params[name.slice(1)] = own[i];
      }
    });
    try {
      request.body = await bytesOf(incoming);
      request.query = gathered(pairs(url.search.slice(1)));
      [request.kind, request.fields] = await fieldsOf(
        incoming.headers["content-type"],
        request.body,
      );
      for (const name of Object.keys(request.params)) {
        request.params[name] = decodeURIComponent(request.params[name]);
      }
    } catch (error) {
      request.refusal = error instanceof Refusal ? error : new Refusal(400, this.errorBody(400));
    }
    this.requests.push(request);
    return request;
  }

  // True when the fault is all that happens.
  async #spoil(fault, request, outgoing) {
    switch (fault.kind) {
      case "status": {
        const headers = { ...this.errorHeaders, ...fault.headers };
        if (fault.status === 429) {
          const end = fault.until ?? this.now() + fault.seconds * 1000;
          Object.assign(headers, this.limitHeaders({ limit: 300, remaining: 0, end }));
        } else if (fault.status === 503) {
          headers["retry-after"] = String(fault.seconds);
        }
        request.status = fault.status;
        this.#send(outgoing, { status: fault.status, headers, body: this.errorBody(fault.status) });
        return true;
      }
      case "redirect":
        request.status = fault.status;
        this.#send(outgoing, {
          status: fault.status,
          headers: { location: fault.location },
          body: "",
        });
        return true;
      case "drop":
        outgoing.socket.destroy();
        return true;
      case "hang":
        return true;
      case "endless":
        outgoing.writeHead(200, { "content-type": "application/json; charset=utf-8" });
        outgoing.write('{"id":"1","content":"');
        while (!outgoing.destroyed) {
          if (!outgoing.write("x".repeat(1 << 14))) {
            await Promise.race([once(outgoing, "drain"), once(outgoing, "close")]);
          }
          await sleep(1);
        }
        return true;
      case "delay":
        await sleep(fault.ms);
        return false;
      default:
        return false;
    }
  }

  async #answer(request) {
    try {
      if (request.refusal) {
        throw request.refusal;
      }
      const gate = this.gate(request);
      const answer = await (request.route?.handler(request) ?? this.#lost());
      return { status: 200, ...answer, headers: { ...gate, ...answer.headers } };
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error;
      }
      const limits = request.limit ? this.limitHeaders(request.limit) : {};
      return { ...error.answer, headers: { ...limits, ...error.answer.headers } };
    }
  }

  #lost() {
    throw new Refusal(404, this.errorBody(404));
  }

  #send(outgoing, answer) {
    const { bytes, headers } = framed(answer);
    outgoing.writeHead(answer.status, { ...headers, "content-length": bytes.length });
    outgoing.end(bytes);
  }
}

function framed({ body = "", headers = {} }) {
  const [bytes, type] = Buffer.isBuffer(body)
    ? [body, "application/octet-stream"]
    : typeof body === "string"
      ? [Buffer.from(body), "text/html; charset=utf-8"]
      : [Buffer.from(JSON.stringify(body)), "application/json; charset=utf-8"];
  return { bytes, headers: { "content-type": type, ...headers } };
}
