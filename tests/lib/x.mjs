// A strict server of X's API v2 after its documentation: authorize page and API on one address.
// Options of start(), all optional:
//   clientId "operator", clientSecret    with a secret the client is confidential: HTTP Basic
//   redirects: [URL, …]                  exact; unset: any http(s) address without a fragment
//   replies: "own" | "all" | "none"      whose posts may be answered
//   limits: {create: [100, 900], …}      uses per seconds and user: create, remove, me, read, token
//   username, displayName, port, tls: {key, cert}
// Stored: tweets (those there are) and deleted (those there were), oldest first.
import { approve, Consent } from "./consent.mjs";
import { FarServer } from "./far.mjs";
import { Refusal } from "./refusal.mjs";
import { PIXEL } from "./mastodon_entities.mjs";
import { xOauthRoutes } from "./x_oauth.mjs";
import { newTweet, tweetRoutes } from "./x_tweets.mjs";

const LIMITS = {
  create: [100, 900],
  remove: [50, 900],
  me: [75, 900],
  read: [900, 900],
  token: [300, 900],
};
const TITLES = {
  400: "Invalid Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

export class X extends FarServer {
  tweets = [];
  deleted = [];
  tokens = new Map();
  refreshes = new Map();
  suspended = false;
  errorHeaders = { "content-type": "application/problem+json" };
  #last = 0n;

  static start(options = {}) {
    return new X(options).up();
  }

  constructor(options) {
    const limits = { ...LIMITS, ...options.limits };
    const settings = { clientId: "operator", replies: "own", username: "saal", ...options, limits };
    super(
      settings,
      [...xOauthRoutes, ...tweetRoutes, ...userRoutes].map(([method, path, handler, more]) => [
        method,
        path,
        (request) => handler(this, request),
        more,
      ]),
    );
    this.consent = new Consent({
      path: "/i/oauth2/authorize",
      allow: "Authorize app",
      seconds: 30,
    });
    this.user = {
      id: this.nextId(),
      username: settings.username,
      name: settings.displayName ?? "Saal",
    };
    this.others = new Map();
  }

  nextId() {
    const floor = BigInt(this.now()) << 20n;
    this.#last = this.#last >= floor ? this.#last + 1n : floor;
    return String(this.#last);
  }

  // Somebody else posts.
  hears(username, text, { inReplyTo } = {}) {
    let user = this.others.get(username);
    if (!user) {
      user = { id: this.nextId(), username, name: username };
      this.others.set(username, user);
    }
    return newTweet(this, user, { text, inReplyTo });
  }

  approve(address, decision) {
    return approve(address, decision);
  }

  // A token from nowhere, for tests that are not about logging in.
  token(scopes = "tweet.read tweet.write users.read offline.access") {
    const token = `token-${this.nextId()}`;
    this.tokens.set(token, {
      scopes: scopes.split(" "),
      user: this.user,
      end: this.now() + 7_200_000,
    });
    return token;
  }

  suspend(suspended = true) {
    this.suspended = suspended;
  }

  // The person throws the application out.
  revokeTokens() {
    this.tokens.clear();
    this.refreshes.clear();
  }

  limitHeaders({ limit, remaining, end }) {
    return {
      "x-rate-limit-limit": String(limit),
      "x-rate-limit-remaining": String(remaining),
      "x-rate-limit-reset": String(Math.ceil(end / 1000)),
    };
  }

  errorBody(status, detail) {
    const title = TITLES[status] ?? "Error";
    return { title, detail: detail ?? title, type: "about:blank", status };
  }

  refuse(status, detail) {
    throw new Refusal(status, this.errorBody(status, detail), this.errorHeaders);
  }

  // What X says of a request that it does not understand.
  invalid(parameter, message) {
    const errors = [{ parameters: { [parameter]: [] }, message }];
    const type = "https://api.x.com/2/problems/invalid-request";
    const detail = "One or more parameters to your request was invalid.";
    throw new Refusal(400, { errors, title: "Invalid Request", detail, type }, this.errorHeaders);
  }

  gate(request) {
    if (request.page || !request.route) {
      return {};
    }
    const name =
      request.method === "DELETE"
        ? "remove"
        : request.path.startsWith("/2/oauth2/")
          ? "token"
          : request.method === "POST"
            ? "create"
            : request.path === "/2/users/me"
              ? "me"
              : "read";
    const who = this.tokens.get(request.headers.authorization?.slice("Bearer ".length))?.user.id;
    const used = this.spend(name, who ?? "nobody", this.options.limits[name]);
    request.limit = used;
    if (!used.ok) {
      this.refuse(429);
    }
    return this.limitHeaders(used);
  }

  // The person on whose behalf the request comes, with all of these scopes.
  person(request, ...scopes) {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    const grant = this.tokens.get(token);
    if (!grant || grant.end <= this.now()) {
      this.refuse(401);
    }
    if (!scopes.every((scope) => grant.scopes.includes(scope))) {
      this.refuse(403, "Your client does not have the scopes that this endpoint requires.");
    }
    if (this.suspended) {
      this.refuse(403, "Your account is suspended and is not permitted to access this feature.");
    }
    return grant.user;
  }
}

function me(server, request) {
  const { id, name, username } = server.person(request, "users.read", "tweet.read");
  const wanted = (request.query["user.fields"] ?? "").split(",");
  const picture = `${server.url}/profile_images/${username}_normal.png`;
  const more = wanted.includes("profile_image_url") ? { profile_image_url: picture } : {};
  return { body: { data: { id, name, username, ...more } } };
}

const userRoutes = [
  ["GET", "/2/users/me", me],
  [
    "GET",
    "/profile_images/:name",
    () => ({ body: PIXEL, headers: { "content-type": "image/png" } }),
  ],
];
