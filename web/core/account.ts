/* Where an account on a card is: anna@example.social, a handle that is a host name, or anna@x.com. */

export type AccountNetwork = "fediverse" | "bluesky" | "other";

/* They write as the fediverse does, and are no part of it. */
const OTHERS: ReadonlySet<string> = new Set(["x.com", "twitter.com"]);

export function networkOf(account: string): AccountNetwork {
    const [, host] = account.split("@");
    if (host === undefined) {
        return "bluesky";
    }
    return OTHERS.has(host) ? "other" : "fediverse";
}

/* Those at whose server one can log in, and whose posts can be looked at without paying for it. */
export function openAccounts(accounts: readonly string[]): readonly string[] {
    return accounts.filter((account) => networkOf(account) !== "other");
}
