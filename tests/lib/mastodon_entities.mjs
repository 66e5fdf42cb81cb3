// What Mastodon's answers look like: Account, Instance, Status, and a status's text as HTML.
import { escaped } from "./consent.mjs";
import { tagKey, tagsIn, urlsIn } from "./count.mjs";

// One transparent pixel.
export const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

const versionOf = ({ options }) => (options.older ? "4.2.10" : "4.5.2");

export function accountEntity(server, account, { own = false } = {}) {
  const url = `${server.url}/@${account.username}`;
  const avatar = `${server.url}/avatars/${account.username}.png`;
  return {
    id: account.id,
    username: account.username,
    acct: account.username,
    display_name: account.displayName,
    locked: false,
    bot: false,
    discoverable: true,
    group: false,
    created_at: account.createdAt.toISOString(),
    note: "",
    url,
    uri: `${server.url}/users/${account.username}`,
    avatar,
    avatar_static: avatar,
    header: avatar,
    header_static: avatar,
    followers_count: 0,
    following_count: 0,
    statuses_count: server.statuses.filter((status) => status.account === account).length,
    last_status_at: null,
    emojis: [],
    fields: [],
    ...(own && {
      source: {
        privacy: "public",
        sensitive: false,
        language: "",
        note: "",
        fields: [],
        follow_requests_count: 0,
      },
      role: { id: "-99", name: "", permissions: "65536", color: "", highlighted: false },
    }),
  };
}

const limitsOf = ({ options }) => ({
  statuses: {
    max_characters: options.maxCharacters,
    max_media_attachments: 4,
    characters_reserved_per_url: options.perUrl,
  },
});

export function instanceV1(server) {
  return {
    uri: server.host,
    title: "A strict server",
    short_description: "",
    description: "",
    email: "",
    version: versionOf(server),
    urls: { streaming_api: server.url.replace("http", "ws") },
    stats: { user_count: 1, status_count: server.statuses.length, domain_count: 1 },
    thumbnail: `${server.url}/avatars/server.png`,
    languages: ["en"],
    registrations: false,
    approval_required: false,
    invites_enabled: false,
    configuration: limitsOf(server),
    contact_account: accountEntity(server, server.account),
    rules: [],
  };
}

export function nodeInfo(server) {
  return {
    version: "2.0",
    software: { name: "mastodon", version: versionOf(server) },
    protocols: ["activitypub"],
    services: { inbound: [], outbound: [] },
    usage: {
      users: { total: 1, activeMonth: 1, activeHalfyear: 1 },
      localPosts: server.statuses.length,
    },
    openRegistrations: false,
    metadata: {},
  };
}

export function instanceV2(server) {
  const feeds = {
    local: server.options.feeds ?? "public",
    remote: server.options.feeds ?? "public",
  };
  return {
    domain: server.host,
    title: "A strict server",
    version: versionOf(server),
    source_url: "",
    description: "",
    usage: { users: { active_month: 1 } },
    thumbnail: { url: `${server.url}/avatars/server.png` },
    icon: [],
    languages: ["en"],
    configuration: {
      urls: { streaming: server.url.replace("http", "ws") },
      accounts: { max_featured_tags: 10 },
      timelines_access: { hashtag_feeds: feeds },
      ...limitsOf(server),
    },
    registrations: { enabled: false, approval_required: false, message: null },
    api_versions: { mastodon: 7 },
    contact: { email: "", account: accountEntity(server, server.account) },
    rules: [],
  };
}

function linked(server, text) {
  const tag = (name) =>
    `<a href="${server.url}/tags/${encodeURIComponent(tagKey(name))}" class="mention hashtag" rel="tag">#<span>${escaped(name)}</span></a>`;
  return text
    .split(/([#＃][^\s#＃]+)/u)
    .map((part) => {
      const name = /^[#＃]/u.test(part) && tagsIn(part)[0];
      return name ? tag(name) + escaped(part.slice(name.length + 1)) : escaped(part);
    })
    .join("");
}

export function htmlOf(server, text) {
  let at = 0;
  let html = "";
  for (const [from, to] of urlsIn(text)) {
    const url = escaped(text.slice(from, to));
    const scheme = /^https?:\/\//i.exec(url)[0];
    html +=
      linked(server, text.slice(at, from)) +
      `<a href="${url}" target="_blank" rel="nofollow noopener" translate="no"><span class="invisible">${scheme}</span><span class="">${url.slice(scheme.length)}</span></a>`;
    at = to;
  }
  html += linked(server, text.slice(at));
  const paragraphs = html.split(/\n{2,}/).map((part) => part.replaceAll("\n", "<br />"));
  return text === "" ? "" : `<p>${paragraphs.join("</p><p>")}</p>`;
}

export function statusEntity(server, status, { source = false } = {}) {
  const { username } = status.account;
  const parent = server.statuses.find((each) => each.id === status.inReplyTo);
  const names = new Map(status.tags.map((name) => [tagKey(name), name]));
  return {
    id: status.id,
    created_at: new Date(status.createdAt).toISOString(),
    in_reply_to_id: status.inReplyTo ?? null,
    in_reply_to_account_id: parent?.account.id ?? null,
    sensitive: status.sensitive,
    spoiler_text: status.spoiler,
    visibility: status.visibility,
    language: status.language,
    uri: `${server.url}/users/${username}/statuses/${status.id}`,
    url: `${server.url}/@${username}/${status.id}`,
    replies_count: server.statuses.filter((each) => each.inReplyTo === status.id).length,
    reblogs_count: 0,
    favourites_count: 0,
    edited_at: status.editedAt ? new Date(status.editedAt).toISOString() : null,
    ...(source ? { text: status.text } : { content: htmlOf(server, status.text) }),
    reblog: null,
    application: status.application ?? null,
    account: accountEntity(server, status.account),
    media_attachments: [],
    mentions: [],
    tags: [...names].map(([key, name]) => ({
      name: name.toLowerCase(),
      url: `${server.url}/tags/${encodeURIComponent(key)}`,
    })),
    emojis: [],
    card: null,
    poll: null,
    favourited: false,
    reblogged: false,
    muted: false,
    bookmarked: false,
  };
}
