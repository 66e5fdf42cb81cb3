// X's posts: make, delete, look up, and a user's timeline. Stored as written; shown as X shows them,
// with a short address in the place of each URL, and with &, < and > escaped.
import { shortened, tweetUrls, tweetWeight } from "./count.mjs";
import { Refusal } from "./refusal.mjs";

const LIMIT = 280;
const FIELDS = ["text", "reply"];
const REPLY_FIELDS = [
  "in_reply_to_tweet_id",
  "exclude_reply_user_ids",
  "auto_populate_reply_metadata",
];
const MORE = {
  author_id: (tweet) => tweet.user.id,
  created_at: (tweet) => new Date(tweet.createdAt).toISOString(),
  conversation_id: (tweet) => tweet.conversation,
  in_reply_to_user_id: (tweet) => tweet.parent?.user.id,
  referenced_tweets: (tweet) => tweet.parent && [{ type: "replied_to", id: tweet.parent.id }],
  entities: (tweet) => entitiesOf(tweet),
};

// Short addresses are the post's own, and have 23 characters as everybody counts on.
const shortUrl = (tweet, n) =>
  `https://t.co/${(BigInt(tweet.id) + BigInt(n)).toString(36).slice(-10).padStart(10, "0")}`;

function visible(tweet) {
  let n = 0;
  const text = shortened(tweet.text, () => shortUrl(tweet, n++));
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

// Positions are in code points of the text as shown.
function entitiesOf(tweet) {
  const text = tweet.text.normalize("NFC");
  const shown = visible(tweet);
  const urls = tweetUrls(text).map(([from, to], n) => {
    const url = shortUrl(tweet, n);
    const start = [...shown.slice(0, shown.indexOf(url))].length;
    const expanded = text.slice(from, to);
    return {
      start,
      end: start + url.length,
      url,
      expanded_url: /^https?:/i.test(expanded) ? expanded : `http://${expanded}`,
      display_url: expanded.replace(/^https?:\/\/(www\.)?/i, "").slice(0, 27),
    };
  });
  return urls.length ? { urls } : undefined;
}

function tweetEntity(tweet, query = {}) {
  const data = { id: tweet.id, text: visible(tweet), edit_history_tweet_ids: [tweet.id] };
  for (const name of (query["tweet.fields"] ?? "").split(",")) {
    data[name] = MORE[name]?.(tweet);
  }
  return data;
}

export function newTweet(server, user, { text, inReplyTo }) {
  const parent = server.tweets.find(({ id }) => id === inReplyTo);
  const id = server.nextId();
  const tweet = { id, user, text, inReplyTo, parent, createdAt: server.now() };
  tweet.conversation = parent?.conversation ?? id;
  server.tweets.push(tweet);
  return tweet;
}

function checked(server, request) {
  const { fields, kind } = request;
  if (kind !== "json") {
    server.refuse(400, "Content-Type must be application/json");
  }
  for (const name of Object.keys(fields).filter((each) => !FIELDS.includes(each))) {
    server.invalid(
      name,
      `$.${name}: is not defined in the schema and the schema does not allow additional properties`,
    );
  }
  const { text, reply } = fields;
  if (typeof text !== "string" || !text.trim()) {
    server.invalid("text", "Tweet text or attached media must be provided.");
  }
  if (reply !== undefined) {
    const names = reply && typeof reply === "object" ? Object.keys(reply) : [];
    const wrong = names.find((name) => !REPLY_FIELDS.includes(name));
    if (wrong) {
      server.invalid(
        "reply",
        `$.reply.${wrong}: is not defined in the schema and the schema does not allow additional properties`,
      );
    }
    if (
      !/^[0-9]{1,19}$/.test(reply?.in_reply_to_tweet_id ?? "") ||
      typeof reply.in_reply_to_tweet_id !== "string"
    ) {
      server.invalid("reply", "$.reply.in_reply_to_tweet_id: is missing but it is required");
    }
  }
  if (tweetWeight(text) > LIMIT) {
    server.refuse(
      400,
      "Your Tweet text is too long. For more information on how Twitter determines text length see https://github.com/twitter/twitter-text.",
    );
  }
  return { text, inReplyTo: reply?.in_reply_to_tweet_id };
}

function create(server, request) {
  const user = server.person(request, "tweet.read", "tweet.write", "users.read");
  const wanted = checked(server, request);
  if (wanted.inReplyTo) {
    const parent = server.tweets.find(({ id }) => id === wanted.inReplyTo);
    if (!parent) {
      server.refuse(
        403,
        "You attempted to reply to a Tweet that is deleted or not visible to you.",
      );
    }
    const { replies } = server.options;
    if (replies === "none" || (replies === "own" && parent.user !== user)) {
      server.refuse(
        403,
        "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.",
      );
    }
  }
  if (server.tweets.some((tweet) => tweet.user === user && tweet.text === wanted.text)) {
    server.refuse(403, "You are not allowed to create a Tweet with duplicate content.");
  }
  return { status: 201, body: { data: tweetEntity(newTweet(server, user, wanted)) } };
}

// The lookups answer 200 with the reason among the errors, the others a status of their own.
function absent(id, status) {
  const detail = `Could not find tweet with id: [${id}].`;
  const type = "https://api.twitter.com/2/problems/resource-not-found";
  const error = {
    value: id,
    detail,
    title: "Not Found Error",
    resource_type: "tweet",
    parameter: "id",
    resource_id: id,
    type,
  };
  return new Refusal(status, { errors: [error] });
}

function found(server, request, status = 200) {
  const { id } = request.params;
  if (!/^[0-9]{1,19}$/.test(id)) {
    server.invalid("id", `The \`id\` query parameter value [${id}] is not valid`);
  }
  const tweet = server.tweets.find((each) => each.id === id);
  if (!tweet) {
    throw absent(id, status);
  }
  return tweet;
}

function remove(server, request) {
  const user = server.person(request, "tweet.read", "tweet.write", "users.read");
  const tweet = found(server, request, 404);
  if (tweet.user !== user) {
    server.refuse(403, "You are not authorized to delete this Tweet.");
  }
  server.tweets = server.tweets.filter((each) => each !== tweet);
  server.deleted.push(tweet);
  return { body: { data: { deleted: true } } };
}

function show(server, request) {
  server.person(request, "tweet.read", "users.read");
  return { body: { data: tweetEntity(found(server, request), request.query) } };
}

function timeline(server, request) {
  server.person(request, "tweet.read", "users.read");
  const { query, params } = request;
  const most = Number(query.max_results ?? 10);
  if (!Number.isInteger(most) || most < 5 || most > 100) {
    server.invalid(
      "max_results",
      `The \`max_results\` query parameter value [${query.max_results}] is not between 5 and 100`,
    );
  }
  const below = query.until_id ?? query.pagination_token;
  const list = server.tweets
    .filter((tweet) => tweet.user.id === params.id)
    .filter(
      ({ id }) =>
        (!query.since_id || BigInt(id) > BigInt(query.since_id)) &&
        (!below || BigInt(id) < BigInt(below)),
    )
    .filter(({ createdAt }) => !query.start_time || createdAt >= Date.parse(query.start_time))
    .reverse();
  const page = list.slice(0, most);
  const meta = { result_count: page.length };
  if (page.length) {
    Object.assign(meta, { newest_id: page[0].id, oldest_id: page.at(-1).id });
  }
  if (list.length > page.length) {
    meta.next_token = page.at(-1).id;
  }
  const data = page.length ? { data: page.map((tweet) => tweetEntity(tweet, query)) } : {};
  return { body: { ...data, meta } };
}

export const tweetRoutes = [
  ["POST", "/2/tweets", create],
  ["DELETE", "/2/tweets/:id", remove],
  ["GET", "/2/tweets/:id", show],
  ["GET", "/2/users/:id/tweets", timeline],
];
