/* Accounts and posts, as staff sees them. */

import type { Account, Post } from "../../web/core/protocol";

export function accountOf(id: number, more: Partial<Account> = {}): Account {
  return {
    id,
    network: "mastodon",
    name: `@hro${id}@example.social`,
    url: null,
    limit: 500,
    link: 23,
    state: "connected",
    server: "https://example.social",
    keeps: false,
    avatar: false,
    ...more,
  };
}

export function postOf(account: number, more: Partial<Post> = {}): Post {
  return {
    account,
    kind: "question",
    state: "sent",
    act: "post",
    trouble: null,
    dropped: false,
    emptied: false,
    url: null,
    due: null,
    ...more,
  };
}
