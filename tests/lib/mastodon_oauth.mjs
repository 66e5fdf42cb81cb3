// Mastodon's discovery, app registration and OAuth: confidential clients, PKCE with S256 if asked for.
import { challengeOf, isChallenge, isVerifier, refusedPage, secret } from "./consent.mjs";
import { Refusal } from "./refusal.mjs";

const OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob";
const READS =
  "accounts blocks bookmarks favourites filters follows lists mutes notifications search statuses";
const WRITES = `${READS} conversations media reports`;
const SCOPES = [
  "read",
  "write",
  "follow",
  "push",
  "profile",
  ...READS.split(" ").map((name) => `read:${name}`),
  ...WRITES.split(" ").map((name) => `write:${name}`),
];

const known = (server) => SCOPES.filter((scope) => scope !== "profile" || !server.options.older);
const scopesOf = (text) => (text ?? "read").split(" ").filter(Boolean);

const REASONS = {
  invalid_client:
    "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.",
  invalid_grant:
    "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
  invalid_request: "The request is missing a required parameter or is otherwise malformed.",
  unsupported_grant_type:
    "The authorization grant type is not supported by the authorization server.",
  unauthorized_client: "You are not authorized to revoke this token",
};

function oauthError(status, error) {
  return new Refusal(status, { error, error_description: REASONS[error] });
}

function discovery(server) {
  if (server.options.older) {
    server.refuse(404, "Not Found");
  }
  const at = (path) => `${server.url}${path}`;
  return {
    body: {
      issuer: at("/"),
      authorization_endpoint: at("/oauth/authorize"),
      token_endpoint: at("/oauth/token"),
      revocation_endpoint: at("/oauth/revoke"),
      app_registration_endpoint: at("/api/v1/apps"),
      userinfo_endpoint: at("/oauth/userinfo"),
      scopes_supported: known(server),
      response_types_supported: ["code"],
      response_modes_supported: ["query", "fragment", "form_post"],
      grant_types_supported: ["authorization_code", "client_credentials"],
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
      code_challenge_methods_supported: ["S256"],
      service_documentation: "https://docs.joinmastodon.org/",
    },
  };
}

function redirectsOf(server, given) {
  const listed = Array.isArray(given) && !server.options.older ? given : undefined;
  const uris = listed ?? (typeof given === "string" ? given.split(/\s+/).filter(Boolean) : []);
  if (!uris.length) {
    server.refuse(422, "Validation failed: Redirect URI can't be blank");
  }
  for (const uri of uris) {
    const parsed = URL.canParse(uri) && new URL(uri);
    const reason =
      uri === OUT_OF_BAND
        ? undefined
        : !parsed
          ? "must be an absolute URI."
          : uri.includes("#")
            ? "cannot contain a fragment."
            : ["data:", "vbscript:", "javascript:", "mailto:"].includes(parsed.protocol)
              ? "is forbidden by the server."
              : uri.length > 2000
                ? "is too long"
                : undefined;
    if (reason) {
      server.refuse(422, `Validation failed: Redirect URI ${reason}`);
    }
  }
  return uris;
}

function register(server, request) {
  server.limit(request, "apps", "everybody");
  const { client_name: name, redirect_uris, scopes, website } = request.fields;
  if (typeof name !== "string" || !name.trim()) {
    server.refuse(422, "Validation failed: Application name can't be blank");
  }
  if (name.length > 60) {
    server.refuse(
      422,
      "Validation failed: Application name is too long (maximum is 60 characters)",
    );
  }
  const redirects = redirectsOf(server, redirect_uris);
  const wanted = typeof scopes === "string" || scopes === undefined ? scopesOf(scopes) : [];
  if (!wanted.length || !wanted.every((scope) => known(server).includes(scope))) {
    server.refuse(422, "Validation failed: Scopes doesn't match configured on the server.");
  }
  if (website && !(URL.canParse(website) && /^https?:$/.test(new URL(website).protocol))) {
    server.refuse(422, "Validation failed: Application website must be a valid URL");
  }
  const app = { id: server.nextId(), name, website, redirects, scopes: wanted };
  const [clientId, clientSecret] = [secret(), secret()];
  server.apps.set(clientId, { ...app, clientId, clientSecret });
  return {
    body: {
      id: app.id,
      name,
      website: website || null,
      scopes: wanted,
      redirect_uri: redirects.join("\n"),
      redirect_uris: redirects,
      client_id: clientId,
      client_secret: clientSecret,
      client_secret_expires_at: 0,
      vapid_key: "",
    },
  };
}

function authorize(server, { query }) {
  const app = server.apps.get(query.client_id);
  if (!app) {
    throw refusedPage(401, REASONS.invalid_client);
  }
  if (!app.redirects.includes(query.redirect_uri)) {
    throw refusedPage(
      400,
      "The requested redirect uri is malformed or doesn't match client redirect URI.",
    );
  }
  if (query.response_type !== "code") {
    throw refusedPage(400, "The authorization server does not support this response type.");
  }
  const scopes = scopesOf(query.scope);
  if (
    !scopes.length ||
    !scopes.every((scope) => app.scopes.includes(scope) || app.scopes.includes(scope.split(":")[0]))
  ) {
    throw refusedPage(400, "The requested scope is invalid, unknown, or malformed.");
  }
  let challenge;
  if (
    !server.options.older &&
    (query.code_challenge ?? query.code_challenge_method) !== undefined
  ) {
    if (query.code_challenge_method !== "S256" || !isChallenge(query.code_challenge ?? "")) {
      throw refusedPage(400, "The code challenge method must be S256.");
    }
    challenge = query.code_challenge;
  }
  const wish = {
    client: app.clientId,
    redirect: query.redirect_uri,
    scopes,
    challenge,
    state: query.state,
  };
  return server.consent.ask(wish, app.name, `@${server.account.username}@${server.host}`);
}

// The client by its id and secret, in the body or by HTTP Basic.
function client(server, { headers, fields }) {
  const basic = /^Basic (\S+)$/.exec(headers.authorization ?? "")?.[1];
  const [id, key] = basic
    ? Buffer.from(basic, "base64").toString().split(":").map(decodeURIComponent)
    : [fields.client_id, fields.client_secret];
  const app = server.apps.get(id);
  return app?.clientSecret === key ? app : undefined;
}

function token(server, request) {
  const { fields } = request;
  if (fields.grant_type !== "authorization_code") {
    throw oauthError(400, fields.grant_type ? "unsupported_grant_type" : "invalid_request");
  }
  const app = client(server, request);
  if (!app) {
    throw oauthError(401, "invalid_client");
  }
  if (!fields.code || !fields.redirect_uri) {
    throw oauthError(400, "invalid_request");
  }
  const wish = server.consent.redeem(fields.code, server.now());
  if (!wish || wish.client !== app.clientId || wish.redirect !== fields.redirect_uri) {
    throw oauthError(400, "invalid_grant");
  }
  const { code_verifier: verifier } = fields;
  if (wish.challenge && !verifier) {
    throw oauthError(400, "invalid_request");
  }
  const matches = verifier && isVerifier(verifier) && challengeOf(verifier) === wish.challenge;
  if (!server.options.older && (wish.challenge || verifier) && !matches) {
    throw oauthError(400, "invalid_grant");
  }
  const access = secret();
  server.tokens.set(access, {
    scopes: wish.scopes,
    client: app.clientId,
    account: server.account,
    revoked: false,
  });
  return {
    headers: { "cache-control": "no-store" },
    body: {
      access_token: access,
      token_type: "Bearer",
      scope: wish.scopes.join(" "),
      created_at: Math.floor(server.now() / 1000),
    },
  };
}

function revoke(server, request) {
  const app = client(server, request);
  const grant = server.tokens.get(request.fields.token);
  if (!app || !request.fields.token || (grant && grant.client !== app.clientId)) {
    throw oauthError(403, "unauthorized_client");
  }
  if (grant) {
    grant.revoked = true;
  }
  return { body: {} };
}

export const oauthRoutes = [
  ["GET", "/.well-known/oauth-authorization-server", discovery],
  ["POST", "/api/v1/apps", register],
  ["GET", "/oauth/authorize", authorize, { page: true }],
  [
    "POST",
    "/oauth/authorize",
    (server, request) => server.consent.decide(request, server.now()),
    { page: true },
  ],
  ["POST", "/oauth/token", token],
  ["POST", "/oauth/revoke", revoke],
];
