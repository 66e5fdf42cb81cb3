// How a Mastodon server lets its people follow somebody elsewhere: WebFinger says where, and the page
// there asks them.
import { escaped } from "./consent.mjs";

const SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe";

function finger(server, { query }) {
  const [, name, host] = /^(?:acct:)?@?([^@]+)@([^@]+)$/.exec(query.resource ?? "") ?? [];
  if (name === undefined) {
    server.refuse(400, "Bad Request");
  }
  if (host !== server.host || name !== server.account.username) {
    server.refuse(404, "Record not found");
  }
  const actor = `${server.url}/users/${name}`;
  return {
    headers: { "content-type": "application/jrd+json; charset=utf-8" },
    body: {
      subject: `acct:${name}@${host}`,
      aliases: [`${server.url}/@${name}`, actor],
      links: [
        {
          rel: "http://webfinger.net/rel/profile-page",
          type: "text/html",
          href: `${server.url}/@${name}`,
        },
        { rel: "self", type: "application/activity+json", href: actor },
        { rel: SUBSCRIBE, template: `${server.url}/authorize_interaction?uri={uri}` },
      ],
    },
  };
}

// An account's name or an address; anything else is nobody.
function interact(server, { query }) {
  const { uri = "" } = query;
  if (!/^@?[\w.-]+@[\w.-]+(:\d+)?$/.test(uri) && !/^https?:\/\//.test(uri)) {
    server.refuse(404, "Record not found");
  }
  const body = `<!doctype html><title>Follow</title><h1>Follow ${escaped(uri)}?</h1>`;
  return { headers: { "content-type": "text/html; charset=utf-8" }, body };
}

export const followRoutes = [
  ["GET", "/.well-known/webfinger", finger],
  ["GET", "/authorize_interaction", interact, { page: true }],
];
