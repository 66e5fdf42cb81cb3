// A recorded request in a form in which two clients can be compared: what matters to the server, and
// nothing of how it was written down (form, JSON or multipart; order; numbers or strings) or of values
// that are different each time (ids, keys, codes, tokens).
const EACH_TIME = new Set([
  "client_id",
  "client_secret",
  "code",
  "code_challenge",
  "code_verifier",
  "in_reply_to_id",
  "max_id",
  "min_id",
  "refresh_token",
  "since_id",
  "state",
  "token",
]);

function plain(name, value) {
  if (EACH_TIME.has(name)) {
    return "*";
  }
  if (name === "redirect_uris") {
    return [value]
      .flat()
      .flatMap((uri) => uri.split(/\s+/))
      .sort();
  }
  if (name === "scope" || name === "scopes") {
    return value.split(" ").sort();
  }
  return Array.isArray(value) ? value.map(String) : String(value);
}

function sorted(fields) {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(
    said.map(([name, value]) => [name, plain(name, value)]).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

// {method, path, query, fields, headers: {authorization: scheme, "idempotency-key", "user-agent"}}
export function normalForm({ method, path, query, fields, headers }) {
  const own = {};
  if (headers.authorization !== undefined) {
    own.authorization = `${headers.authorization.split(" ")[0]} *`;
  }
  for (const name of ["idempotency-key", "user-agent"]) {
    if (headers[name]) {
      own[name] = "*";
    }
  }
  return {
    method,
    path: path.replace(/\/\d+(?=\/|$)/g, "/*"),
    query: sorted(query),
    fields: sorted(fields),
    headers: own,
  };
}
