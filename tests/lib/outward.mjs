// A server that may speak to the peers of the tests, and an event that sends what is approved at once.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { Server } from "./server.mjs";

// peers: addresses on loopback that the bridge may reach; the rest as for Server.start.
export function outwardServer({ peers = [], args = [], ...options } = {}) {
  const allowed = peers.flatMap((url) => ["--allow-peer", new URL(url).host]);
  return Server.start({ ...options, args: [...allowed, ...args] });
}

// Released every second, nothing waits before it is sent.
export const prompt = {
  ...{ release: 1, moderation: "before", language: "de" },
  ...{ publish: "approved", publish_delay: 0, offset: 0 },
};

export const promptEvent = (server, settings = {}) => server.event({ ...prompt, ...settings });

// An account is connected as the organiser's page does it, but for the browser: `consent` takes the
// far server's address and says where the person is sent back to, a URL.
export async function logIn(event, { network, server }, consent) {
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const { url, state } = await event.organise("connect", {
    network,
    ...(server && { server }),
    challenge,
  });
  const { searchParams: back } = await consent(url);
  assert.equal(back.get("state"), state, "the far server gives back what it was given");
  const issuer = back.get("iss");
  const { account } = await event.organise("connect_finish", {
    ...{ state, code: back.get("code"), verifier },
    ...(issuer && { issuer }),
  });
  return account;
}

// Asked under the hashtag and approved. Returns { asker, question, n }.
export async function askApproved(event, text, { degree = 1, asker } = {}) {
  asker ??= await event.join();
  const question = await asker.ask(text, { degree });
  const { n } = await asker.released(question);
  await event.move(n, "pending", "listed");
  return { asker, question, n };
}

// Its asker has seen that revision `rev` waits for approval: only now can a moderator give it, as an
// edit is shown, and pending, with the next release.
export function pendingAgain(asker, n, rev) {
  const waits = ({ questions }) =>
    questions.get(n)?.state === "pending" && questions.get(n).rev === rev;
  return asker.until(waits, `revision ${rev} of question ${n} waits`);
}

// How question `n` stands at an account, once it stands as wanted (a part of the row), as staff sees
// it; of a question that is gone, too.
export async function post(event, n, wanted, { account, kind = "question", seconds = 15 } = {}) {
  let row;
  const is = (each) =>
    each.kind === kind && (account === undefined || each.account === account);
  await event
    .snapshotWhere(
      ({ questions, left = [] }) => {
        const rows = questions.find((each) => each.n === n)?.posts ?? left.filter((l) => l.n === n);
        row = rows.find(is);
        return Object.entries(wanted).every(([key, value]) => row?.[key] === value);
      },
      `post of question ${n}: ${JSON.stringify(wanted)}`,
      event.keys.moderator,
      seconds,
    )
    .catch((error) => {
      throw new Error(`${error.message}, not ${JSON.stringify(row)}`);
    });
  return row;
}
