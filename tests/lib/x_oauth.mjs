// X's OAuth 2.0: authorization code with PKCE, S256 demanded; refresh tokens are good once.
import { challengeOf, isChallenge, isVerifier, refusedPage, secret } from "./consent.mjs";
import { Refusal } from "./refusal.mjs";

const TWO_HOURS = 7200;
const SCOPES =
  "tweet.read tweet.write tweet.moderate.write users.email users.read follows.read follows.write offline.access " +
  "space.read mute.read mute.write like.read like.write list.read list.write block.read block.write bookmark.read " +
  "bookmark.write media.write dm.read dm.write";
const KNOWN = new Set(SCOPES.split(" "));

function oauthError(status, error, error_description) {
  return new Refusal(status, { error, error_description });
}

const allowed = ({ options }, uri) =>
  options.redirects
    ? options.redirects.includes(uri)
    : URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol) && !uri.includes("#");

function authorize(server, { query }) {
  const refuse = (reason) => {
    throw refusedPage(400, `Something went wrong. ${reason}`);
  };
  if (query.client_id !== server.options.clientId) {
    refuse("client_id");
  }
  if (!query.redirect_uri || !allowed(server, query.redirect_uri)) {
    refuse("redirect_uri");
  }
  if (query.response_type !== "code") {
    refuse("response_type");
  }
  const scopes = (query.scope ?? "").split(" ").filter(Boolean);
  if (!scopes.length || !scopes.every((scope) => KNOWN.has(scope))) {
    refuse("scope");
  }
  if (!query.state || query.state.length > 500) {
    refuse("state");
  }
  if (query.code_challenge_method !== "S256" || !isChallenge(query.code_challenge ?? "")) {
    refuse("code_challenge");
  }
  const wish = {
    redirect: query.redirect_uri,
    scopes,
    challenge: query.code_challenge,
    state: query.state,
  };
  return server.consent.ask(wish, "Raute", `@${server.user.username}`);
}

// Confidential clients show their secret by HTTP Basic, public ones only name themselves.
function client({ options }, { headers, fields, kind }) {
  if (kind !== "form") {
    throw oauthError(
      400,
      "invalid_request",
      "Content-Type must be application/x-www-form-urlencoded",
    );
  }
  if (options.clientSecret) {
    const basic = /^Basic (\S+)$/.exec(headers.authorization ?? "")?.[1] ?? "";
    const [id, key] = Buffer.from(basic, "base64").toString().split(":").map(decodeURIComponent);
    if (id !== options.clientId || key !== options.clientSecret) {
      throw oauthError(401, "unauthorized_client", "Missing valid authorization header");
    }
  } else if (headers.authorization !== undefined || fields.client_id !== options.clientId) {
    throw oauthError(400, "invalid_request", "Value passed for the client id was invalid.");
  }
}

function granted(server, scopes) {
  const access = secret();
  server.tokens.set(access, { scopes, user: server.user, end: server.now() + TWO_HOURS * 1000 });
  const body = {
    token_type: "bearer",
    expires_in: TWO_HOURS,
    access_token: access,
    scope: scopes.join(" "),
  };
  if (scopes.includes("offline.access")) {
    body.refresh_token = secret();
    server.refreshes.set(body.refresh_token, { scopes, access });
  }
  return { headers: { "cache-control": "no-store" }, body };
}

function token(server, request) {
  client(server, request);
  const { fields } = request;
  const invalid = (what) =>
    oauthError(400, "invalid_request", `Value passed for the ${what} was invalid.`);
  if (fields.grant_type === "refresh_token") {
    const before = server.refreshes.get(fields.refresh_token);
    if (!before) {
      throw invalid("token");
    }
    server.refreshes.delete(fields.refresh_token);
    server.tokens.delete(before.access);
    return granted(server, before.scopes);
  }
  if (fields.grant_type !== "authorization_code") {
    throw invalid("grant type");
  }
  const wish = server.consent.redeem(fields.code, server.now());
  if (!wish) {
    throw invalid("authorization code");
  }
  if (wish.redirect !== fields.redirect_uri) {
    throw invalid("redirect uri");
  }
  if (
    !isVerifier(fields.code_verifier ?? "") ||
    challengeOf(fields.code_verifier) !== wish.challenge
  ) {
    throw invalid("code verifier");
  }
  return granted(server, wish.scopes);
}

function revoke(server, request) {
  client(server, request);
  const { token: given } = request.fields;
  if (!given) {
    throw oauthError(400, "invalid_request", "Missing required parameter [token].");
  }
  server.tokens.delete(server.refreshes.get(given)?.access);
  server.refreshes.delete(given);
  server.tokens.delete(given);
  return { body: { revoked: true } };
}

export const xOauthRoutes = [
  ["GET", "/i/oauth2/authorize", authorize, { page: true }],
  [
    "POST",
    "/i/oauth2/authorize",
    (server, request) => server.consent.decide(request, server.now()),
    { page: true },
  ],
  ["POST", "/2/oauth2/token", token],
  ["POST", "/2/oauth2/revoke", revoke],
];
