// A strict Mastodon server after its documentation, where it has a choice the strict one. It knows one
// account that can log in; others post through `hears`. Options of start(), all optional:
//   maxCharacters 500, perUrl 23     what the instance tells, and holds to
//   older                            as before 4.3: no discovery document, no PKCE, no scope `profile`
//   without: ["PUT /api/v1/…/:id"]   routes that this server has not (404)
//   repeatsPosts                     a repeated Idempotency-Key posts again
//   feeds: "authenticated"           hashtag timelines need a token, or are "disabled"
//   limits: {api: [300, 300], …}     uses per seconds: api, apps, statuses, deletes
//   username, displayName, port, tls: {key, cert}
// Stored: statuses (those there are) and deleted (those there were), oldest first.
import { oauthRoutes } from "./mastodon_oauth.mjs";
import { accountEntity, instanceV1, instanceV2, nodeInfo, PIXEL } from "./mastodon_entities.mjs";
import { followRoutes } from "./mastodon_follow.mjs";
import { newStatus, statusRoutes } from "./mastodon_statuses.mjs";
import { approve, Consent } from "./consent.mjs";
import { FarServer } from "./far.mjs";
import { Refusal } from "./refusal.mjs";

const LIMITS = { api: [300, 300], apps: [5, 600], statuses: [300, 10_800], deletes: [30, 1800] };
const REASONS = {
  400: "Bad Request",
  404: "Record not found",
  422: "Validation failed",
  429: "Too many requests",
  500: "An unexpected error occurred",
};

const covers = (owned, wanted) => owned.includes(wanted) || owned.includes(wanted.split(":")[0]);

export class Mastodon extends FarServer {
  statuses = [];
  deleted = [];
  apps = new Map();
  tokens = new Map();
  keys = new Map();
  suspended = false;
  #last = 0n;

  static start(options = {}) {
    return new Mastodon(options).up();
  }

  constructor(options) {
    const limits = { ...LIMITS, ...options.limits };
    const settings = { maxCharacters: 500, perUrl: 23, username: "saal", ...options, limits };
    const routes = [...oauthRoutes, ...statusRoutes, ...followRoutes, ...aboutRoutes].filter(
      ([method, path]) => !settings.without?.includes(`${method} ${path}`),
    );
    super(
      settings,
      routes.map(([method, path, handler, more]) => [
        method,
        path,
        (request) => handler(this, request),
        more,
      ]),
    );
    this.consent = new Consent({ path: "/oauth/authorize", allow: "Authorize", seconds: 600 });
    this.account = this.newAccount(settings.username, settings.displayName ?? "Saal");
    this.others = new Map();
  }

  newAccount(username, displayName) {
    return { id: this.nextId(), username, displayName, createdAt: new Date(this.now()) };
  }

  // Ids grow, and say nothing: a time and a number.
  nextId() {
    const floor = BigInt(this.now()) << 16n;
    this.#last = this.#last >= floor ? this.#last + 1n : floor;
    return String(this.#last);
  }

  // Somebody else posts: what a timeline shows besides our own posts.
  hears(username, text, { inReplyTo, visibility = "public", language = "en" } = {}) {
    let account = this.others.get(username);
    if (!account) {
      account = this.newAccount(username, username);
      this.others.set(username, account);
    }
    return newStatus(this, account, { text, inReplyTo, visibility, language });
  }

  // The person lets the application in, without a browser; returns where they are sent.
  approve(address, decision) {
    return approve(address, decision);
  }

  // An application and a token from nowhere, for tests that are not about logging in.
  token(scopes = "write:statuses profile") {
    const token = `token-${this.nextId()}`;
    this.tokens.set(token, { scopes: scopes.split(" "), account: this.account, revoked: false });
    return token;
  }

  suspend(suspended = true) {
    this.suspended = suspended;
  }

  // The person, or the server, throws the applications out.
  revokeTokens() {
    for (const grant of this.tokens.values()) {
      grant.revoked = true;
    }
  }

  limitHeaders({ limit, remaining, end }) {
    return {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(remaining),
      "x-ratelimit-reset": new Date(end).toISOString().replace("Z", "000Z"),
    };
  }

  // 502 to 504 come from the proxy in front.
  errorBody(status) {
    return status > 500
      ? `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`
      : { error: REASONS[status] ?? "An unexpected error occurred" };
  }

  refuse(status, error, headers) {
    throw new Refusal(status, { error }, headers);
  }

  // Uses up a limit; what is left of it goes into the answer's headers.
  limit(request, name, who) {
    const used = this.spend(name, who, this.options.limits[name]);
    request.limit = used;
    if (!used.ok) {
      throw new Refusal(429, this.errorBody(429));
    }
    return this.limitHeaders(used);
  }

  gate(request) {
    if (!request.headers["user-agent"]?.trim()) {
      throw new Refusal(403, "Forbidden\n");
    }
    const bearer = request.headers.authorization;
    return this.limit(request, "api", bearer ?? "everybody");
  }

  // Who asks, if a token came with the request: one that is good, and good for one of the scopes.
  visitor(request, ...scopes) {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      return undefined;
    }
    const grant = this.tokens.get(/^Bearer ([^\s]+)$/.exec(authorization)?.[1]);
    if (!grant || grant.revoked) {
      const error = grant ? "The access token was revoked" : "The access token is invalid";
      this.refuse(401, error, {
        "www-authenticate": `Bearer realm="Doorkeeper", error="invalid_token", error_description="${error}"`,
      });
    }
    if (!scopes.some((scope) => covers(grant.scopes, scope))) {
      this.refuse(403, "This action is outside the authorized scopes");
    }
    return grant;
  }

  user(request, ...scopes) {
    const grant = this.visitor(request, ...scopes);
    if (!grant) {
      this.refuse(401, "The access token is invalid");
    }
    if (this.suspended) {
      this.refuse(403, "Your login is currently disabled");
    }
    return grant;
  }
}

// NodeInfo: how clients find out that this is Mastodon.
const NODEINFO = "http://nodeinfo.diaspora.software/ns/schema/2.0";

const aboutRoutes = [
  [
    "GET",
    "/.well-known/nodeinfo",
    (server) => ({ body: { links: [{ rel: NODEINFO, href: `${server.url}/nodeinfo/2.0` }] } }),
  ],
  ["GET", "/nodeinfo/2.0", (server) => ({ body: nodeInfo(server) })],
  ["GET", "/api/v1/instance", (server) => ({ body: instanceV1(server) })],
  ["GET", "/api/v2/instance", (server) => ({ body: instanceV2(server) })],
  [
    "GET",
    "/api/v1/accounts/verify_credentials",
    (server, request) => {
      const { account } = server.user(request, "profile", "read:accounts");
      return { body: accountEntity(server, account, { own: true }) };
    },
  ],
  ["GET", "/avatars/:name", () => ({ body: PIXEL, headers: { "content-type": "image/png" } })],
];
