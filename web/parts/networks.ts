/* The networks' own names, the same in every language. */

import type { Account, Network } from "../core/protocol";

export const NETWORK_NAMES: Record<Network, string> = { mastodon: "Mastodon", bluesky: "Bluesky", x: "X" };

/* An account in a few letters: its network, where the event has one account there; else its name. */
export function accountLabel(account: Account, accounts: readonly Account[]): string {
    const alone = accounts.filter((each) => each.network === account.network).length === 1;
    return alone ? NETWORK_NAMES[account.network] : account.name;
}
