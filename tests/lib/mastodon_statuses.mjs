// Mastodon's statuses: post, edit, delete, read, threads and timelines.
import { mastodonLength, tagKey, tagsIn } from "./count.mjs";
import { statusEntity } from "./mastodon_entities.mjs";

const VISIBILITIES = ["public", "unlisted", "private", "direct"];
const FIELDS = ["status", "in_reply_to_id", "visibility", "language", "spoiler_text", "sensitive"];
const NOT_HERE = ["media_ids", "poll", "scheduled_at", "quoted_status_id"];
const YES = [true, "true", "1", 1, "on"];
const NO = [false, "false", "0", 0, "off", "", null, undefined];
const REMEMBERED = 3600 * 1000;

const languages = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });
const isLanguage = (code) => /^[a-z]{2}$/.test(code) && languages.of(code) !== undefined;

function checked(server, request) {
  const { fields } = request;
  const invalid = (reason) => server.refuse(422, `Validation failed: ${reason}`);
  request.ignored = Object.keys(fields).filter((name) => !FIELDS.includes(name));
  for (const name of ["status", "spoiler_text", "visibility", "language", "in_reply_to_id"]) {
    if (fields[name] !== undefined && fields[name] !== null && typeof fields[name] !== "string") {
      invalid(`${name} is not a string`);
    }
  }
  const here = NOT_HERE.find(
    (name) => fields[name] !== undefined && fields[name] !== null && fields[name] !== "",
  );
  if (here) {
    invalid(`${here} is not for this server`);
  }
  const spoiler = fields.spoiler_text ?? "";
  const text = fields.status?.trim()
    ? fields.status
    : spoiler
      ? "."
      : invalid("Text can't be blank");
  if (
    mastodonLength(text, { spoiler, perUrl: server.options.perUrl }) > server.options.maxCharacters
  ) {
    invalid(`Text character limit of ${server.options.maxCharacters} exceeded`);
  }
  const visibility = fields.visibility || "public";
  if (!VISIBILITIES.includes(visibility)) {
    invalid("Visibility is not included in the list");
  }
  // Mastodon itself would take its own language instead, and nobody would notice.
  if (fields.language && !isLanguage(fields.language)) {
    invalid("Language is not an ISO 639-1 code");
  }
  if (!YES.includes(fields.sensitive) && !NO.includes(fields.sensitive)) {
    invalid("Sensitive is neither true nor false");
  }
  const sensitive = YES.includes(fields.sensitive) || spoiler !== "";
  return { text, spoiler, visibility, sensitive, language: fields.language || undefined };
}

export function newStatus(
  server,
  account,
  { text, spoiler = "", sensitive = false, visibility, language, inReplyTo, key, application },
) {
  const status = {
    id: server.nextId(),
    account,
    text,
    spoiler,
    sensitive,
    visibility,
    language: language ?? "en",
    inReplyTo,
    key,
    application,
    tags: tagsIn(text),
    createdAt: server.now(),
  };
  server.statuses.push(status);
  return status;
}

function found(server, id) {
  return (
    server.statuses.find((status) => status.id === id) ?? server.refuse(404, "Record not found")
  );
}

// What may be read: everything public, the rest by its author.
const readable = (status, grant) =>
  ["public", "unlisted"].includes(status.visibility) || status.account === grant?.account;

function post(server, request) {
  const grant = server.user(request, "write:statuses");
  const { in_reply_to_id: parent } = request.fields;
  if (
    parent &&
    !server.statuses.some((status) => status.id === parent && readable(status, grant))
  ) {
    server.refuse(404, "The post you are trying to reply to does not appear to exist.");
  }
  const key = request.headers["idempotency-key"] || undefined;
  const before = key && server.keys.get(`${grant.account.id} ${key}`);
  if (before && before.end > server.now() && !server.options.repeatsPosts) {
    return { body: statusEntity(server, found(server, before.id)) };
  }
  const wanted = checked(server, request);
  const headers = server.limit(request, "statuses", grant.account.id);
  const app = server.apps.get(grant.client);
  const application = app && { name: app.name, website: app.website ?? null };
  const status = newStatus(server, grant.account, {
    ...wanted,
    inReplyTo: parent || undefined,
    key,
    application,
  });
  if (key) {
    server.keys.set(`${grant.account.id} ${key}`, {
      id: status.id,
      end: server.now() + REMEMBERED,
    });
  }
  return { headers, body: statusEntity(server, status) };
}

function own(server, grant, id) {
  const status = found(server, id);
  return status.account === grant.account ? status : server.refuse(404, "Record not found");
}

function edit(server, request) {
  const grant = server.user(request, "write:statuses");
  const status = own(server, grant, request.params.id);
  const { text, spoiler, sensitive, language } = checked(server, request);
  const headers = server.limit(request, "statuses", grant.account.id);
  Object.assign(status, {
    text,
    spoiler,
    sensitive,
    language: language ?? status.language,
    tags: tagsIn(text),
    editedAt: server.now(),
  });
  return { headers, body: statusEntity(server, status) };
}

function remove(server, request) {
  const grant = server.user(request, "write:statuses");
  const status = own(server, grant, request.params.id);
  server.limit(request, "deletes", grant.account.id);
  server.statuses = server.statuses.filter((each) => each !== status);
  server.deleted.push(status);
  return { body: statusEntity(server, status, { source: true }) };
}

function shown(server, request) {
  const grant = server.visitor(request, "read:statuses");
  const status = found(server, request.params.id);
  return readable(status, grant) ? status : server.refuse(404, "Record not found");
}

function context(server, request) {
  const status = shown(server, request);
  const ancestors = [];
  for (let id = status.inReplyTo; id; id = ancestors[0]?.inReplyTo) {
    const parent = server.statuses.find((each) => each.id === id);
    if (!parent) {
      break;
    }
    ancestors.unshift(parent);
  }
  const within = new Set([status.id]);
  const descendants = server.statuses.filter(
    (each) => within.has(each.inReplyTo) && within.add(each.id),
  );
  const entities = (list) =>
    list.filter((each) => readable(each)).map((each) => statusEntity(server, each));
  return { body: { ancestors: entities(ancestors), descendants: entities(descendants) } };
}

// One page, newest first. `min_id` is the page right above it, the others count from the top.
function paged(server, { query, path }, list) {
  const limit = Math.min(Number(query.limit ?? 20) || 20, 40);
  const id = (name) => (/^\d+$/.test(query[name] ?? "") ? BigInt(query[name]) : undefined);
  const [below, above, from] = [id("max_id"), id("since_id"), id("min_id")];
  const inside = list
    .filter(({ id: own }) => below === undefined || BigInt(own) < below)
    .filter(({ id: own }) => BigInt(own) > (from ?? above ?? -1n))
    .sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1));
  const page = from === undefined ? inside.slice(0, limit) : inside.slice(-limit);
  const link = (rel, name, status) =>
    `<${server.url}${path}?limit=${limit}&${name}=${status.id}>; rel="${rel}"`;
  const headers = page.length
    ? { link: [link("next", "max_id", page.at(-1)), link("prev", "min_id", page[0])].join(", ") }
    : {};
  return { headers, body: page.map((status) => statusEntity(server, status)) };
}

function ofAccount(server, request) {
  const grant = server.visitor(request, "read:statuses");
  const accounts = [server.account, ...server.others.values()];
  const account =
    accounts.find(({ id }) => id === request.params.id) ?? server.refuse(404, "Record not found");
  const { query } = request;
  const list = server.statuses
    .filter((status) => status.account === account && readable(status, grant))
    .filter((status) => !YES.includes(query.exclude_replies) || !status.inReplyTo)
    .filter(
      ({ tags }) => query.tagged === undefined || tags.map(tagKey).includes(tagKey(query.tagged)),
    );
  return paged(server, request, list);
}

function tagTimeline(server, request) {
  const grant = server.visitor(request, "read:statuses");
  const { feeds = "public" } = server.options;
  if (feeds === "disabled" || (feeds === "authenticated" && !grant)) {
    server.refuse(401, "This API requires an authenticated user");
  }
  const key = tagKey(request.params.tag);
  return paged(
    server,
    request,
    server.statuses.filter(
      (each) => each.visibility === "public" && each.tags.map(tagKey).includes(key),
    ),
  );
}

export const statusRoutes = [
  ["POST", "/api/v1/statuses", post],
  ["PUT", "/api/v1/statuses/:id", edit],
  ["DELETE", "/api/v1/statuses/:id", remove],
  [
    "GET",
    "/api/v1/statuses/:id",
    (server, request) => ({ body: statusEntity(server, shown(server, request)) }),
  ],
  ["GET", "/api/v1/statuses/:id/context", context],
  ["GET", "/api/v1/accounts/:id/statuses", ofAccount],
  ["GET", "/api/v1/timelines/tag/:tag", tagTimeline],
];
