// The page on which a person lets an application in, and what becomes of the answer: one code, good
// once, for the application and the address that it was made for.
import { createHash, randomBytes } from "node:crypto";
import { Refusal } from "./refusal.mjs";

export const secret = (bytes = 32) => randomBytes(bytes).toString("base64url");
export const escaped = (text) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

const page = (title, body) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title></head>` +
  `<body><main><h1>${escaped(title)}</h1>${body}</main></body></html>`;

export function refusedPage(status, reason) {
  return new Refusal(status, page("An error has occurred", `<p>${escaped(reason)}</p>`));
}

export const challengeOf = (verifier) => createHash("sha256").update(verifier).digest("base64url");
export const isChallenge = (text) => /^[A-Za-z0-9_-]{43}$/.test(text);
export const isVerifier = (text) => /^[A-Za-z0-9._~-]{43,128}$/.test(text);

export class Consent {
  #asked = new Map();
  #codes = new Map();

  constructor({ path, allow, seconds }) {
    this.path = path;
    this.allow = allow;
    this.seconds = seconds;
  }

  // `wish` is what was checked: client, redirect, scopes, state, challenge.
  ask(wish, name, account) {
    const id = secret(9);
    this.#asked.set(id, wish);
    const body =
      `<p>${escaped(name)} asks for: ${escaped(wish.scopes.join(" "))}, as ${escaped(account)}.</p>` +
      `<form method="post" action="${this.path}"><input type="hidden" name="request" value="${id}">` +
      `<button name="decision" value="allow">${escaped(this.allow)}</button>` +
      '<button name="decision" value="deny">Deny</button></form>';
    return { body: page("Authorization required", body) };
  }

  decide({ fields }, now) {
    const wish = this.#asked.get(fields.request);
    if (!wish || !["allow", "deny"].includes(fields.decision)) {
      throw refusedPage(422, "Nothing was asked here.");
    }
    this.#asked.delete(fields.request);
    const answer = {};
    if (fields.decision === "allow") {
      answer.code = secret();
      this.#codes.set(answer.code, { ...wish, end: now + this.seconds * 1000 });
    } else {
      answer.error = "access_denied";
      answer.error_description = "The resource owner or authorization server denied the request.";
    }
    if (wish.state !== undefined) {
      answer.state = wish.state;
    }
    if (wish.redirect === "urn:ietf:wg:oauth:2.0:oob") {
      return { body: page("Authorization code", `<code>${answer.code}</code>`) };
    }
    const there = new URL(wish.redirect);
    for (const [key, value] of Object.entries(answer)) {
      there.searchParams.set(key, value);
    }
    return { status: 302, headers: { location: there.href }, body: "" };
  }

  // What the code was made for, or nothing; a code shown once is gone, whoever shows it.
  redeem(code, now) {
    const wish = this.#codes.get(code);
    this.#codes.delete(code);
    return wish && wish.end > now ? wish : undefined;
  }
}

// A person without a browser: opens the page at `address`, presses a button, and is sent elsewhere.
export async function approve(address, { deny = false } = {}) {
  const shown = await fetch(address);
  const html = await shown.text();
  const request = /name="request" value="([^"]+)"/.exec(html)?.[1];
  if (!request) {
    throw new Error(`no consent page at ${address}: ${shown.status} ${html}`);
  }
  const answer = await fetch(shown.url, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ request, decision: deny ? "deny" : "allow" }),
  });
  await answer.body?.cancel();
  return new URL(answer.headers.get("location"));
}
