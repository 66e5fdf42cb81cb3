// The whole life of a question's post on Mastodon, as two independent clients do it: registration, log
// in, who am I, post, answer, edit, thread, timeline, delete, log out. `script` says with what; each
// returns what the client understood of the answers. The requests are the server's to compare.
import { createOAuthAPIClient, createRestAPIClient } from "masto";
import megalodon from "megalodon";
import { challengeOf, secret } from "./consent.mjs";

// A CommonJS package: its default export is a member of what comes as the default.
const generator = megalodon.default;

export const script = {
  name: "Raute",
  back: "http://127.0.0.1:9/oauth/callback",
  scopes: "write:statuses profile",
  website: "https://event.example",
  text: "Wie geht es? #Hörsaal",
  edited: "Wie geht es euch? #Hörsaal",
  reply: "Gut.",
  warning: "Achtung",
  language: "de",
  tag: "hörsaal",
  key: "one",
};

export function authorizeUrl(server, { back, scopes }, clientId, more = {}) {
  const query = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: back,
    scope: scopes,
    ...more,
  };
  return `${server.url}/oauth/authorize?${new URLSearchParams(query)}`;
}

async function asMasto(server, s) {
  const open = createRestAPIClient({ url: server.url });
  const oauth = createOAuthAPIClient({ url: server.url });
  const app = await open.v1.apps.create({
    clientName: s.name,
    redirectUris: s.back,
    scopes: s.scopes,
    website: s.website,
  });
  const codeVerifier = secret(48);
  const challenge = { code_challenge: challengeOf(codeVerifier), code_challenge_method: "S256" };
  const address = authorizeUrl(server, s, app.clientId, { state: "s", ...challenge });
  const client = { clientId: app.clientId, clientSecret: app.clientSecret };
  const { accessToken } = await oauth.token.create({
    ...client,
    grantType: "authorization_code",
    redirectUri: s.back,
    code: (await server.approve(address)).searchParams.get("code"),
    codeVerifier,
  });

  const { v1, v2 } = createRestAPIClient({ url: server.url, accessToken });
  const instance = await v2.instance.fetch();
  const me = await v1.accounts.verifyCredentials();
  const more = { language: s.language, spoilerText: s.warning, sensitive: true };
  const post = () =>
    v1.statuses.create(
      { status: s.text, ...more, visibility: "public" },
      { requestInit: { headers: { "Idempotency-Key": s.key } } },
    );
  const status = await post();
  const again = await post();
  const reply = await v1.statuses.create({
    status: s.reply,
    language: s.language,
    inReplyToId: status.id,
    visibility: "public",
  });
  const edited = await v1.statuses.$select(status.id).update({ status: s.edited, ...more });
  const thread = await open.v1.statuses.$select(status.id).context.fetch();
  const timeline = await open.v1.timelines.tag.$select(s.tag).list({ limit: 5 });
  const gone = await v1.statuses.$select(reply.id).remove();
  await oauth.revoke({ ...client, token: accessToken });
  return {
    limit: instance.configuration.statuses.maxCharacters,
    me: me.username,
    again: again.id === status.id,
    content: status.content,
    warning: status.spoilerText,
    language: status.language,
    parent: reply.inReplyToId === status.id,
    edited: edited.content,
    thread: thread.descendants.map((each) => each.content),
    timeline: timeline.map((each) => each.content),
    gone: gone.text,
  };
}

// It has no PKCE, no Idempotency-Key, and drops the language of an edit.
async function asMegalodon(server, s) {
  const open = generator("mastodon", server.url, null, "test");
  const app = await open.createApp(s.name, {
    scopes: s.scopes.split(" "),
    redirect_uris: s.back,
    website: s.website,
  });
  const code = (await server.approve(authorizeUrl(server, s, app.client_id))).searchParams.get(
    "code",
  );
  const token = await open.fetchAccessToken(app.client_id, app.client_secret, code, s.back);

  const client = generator("mastodon", server.url, token.access_token, "test");
  const instance = (await client.getInstance()).data;
  const me = (await client.verifyAccountCredentials()).data;
  const more = { language: s.language, spoiler_text: s.warning, sensitive: true };
  const status = (await client.postStatus(s.text, { ...more, visibility: "public" })).data;
  const answer = { language: s.language, in_reply_to_id: status.id, visibility: "public" };
  const reply = (await client.postStatus(s.reply, answer)).data;
  const edited = (await client.editStatus(status.id, { status: s.edited, ...more })).data;
  const thread = (await open.getStatusContext(status.id)).data;
  const timeline = (await open.getTagTimeline(encodeURIComponent(s.tag), { limit: 5 })).data;
  const gone = await client.deleteStatus(reply.id);
  await open.revokeToken(app.client_id, app.client_secret, token.access_token);
  return {
    limit: instance.configuration.statuses.max_characters,
    me: me.username,
    content: status.content,
    warning: status.spoiler_text,
    language: status.language,
    parent: reply.in_reply_to_id === status.id,
    edited: edited.content,
    thread: thread.descendants.map((each) => each.content),
    timeline: timeline.map((each) => each.content),
    gone: gone.status === 200 && server.deleted.at(-1).text,
  };
}

export const lives = { masto: asMasto, megalodon: asMegalodon };
