/* Following somebody from where one is at home. On the fediverse that is a server of one's own choice:
 * ours asks it once where its people follow others, and this browser remembers the answer. Nobody else is
 * asked anything. */

import { FOLLOW, instanceHost, keepInstance, keptInstance } from "./share";
import { eventAddress } from "./address";
import { store, type Store } from "./storage";

/* Where the people of a server follow others. */
export interface FollowHome {
    readonly server: string; /* as it was typed, in short: example.social */
    readonly template: string; /* https://example.social/authorize_interaction?uri={uri} */
}

export type FollowAnswer =
    { readonly home: FollowHome } | { readonly refused: "typed" | "server" | "offline" };

const ANSWER_MS = 30_000;
const TYPED = /^(?:[^\s@/?#]+@)?[^\s@/?#:]+(?::\d{1,5})?$/;

/* The server in what people type for it, or for their account there, which stays here. Null: neither. */
export function followServer(typed: string): string | null {
    const name = typed
        .trim()
        .replace(/^https?:\/\//i, "")
        .replace(/^([^/@]+)\/@([^/@]+)\/?$/, "$2@$1") /* a profile's address */
        .replace(/\/.*$/, "")
        .replace(/^@/, "")
        .toLowerCase();
    return TYPED.test(name) && /[.:]/.test(name) ? name.replace(/^.*@/, "") : null;
}

function isWebAddress(text: string): boolean {
    try {
        return ["https:", "http:"].includes(new URL(text).protocol);
    } catch {
        return false;
    }
}

/* Null: the template leads nowhere. */
export function followAddress(home: FollowHome, account: string): string | null {
    const address = home.template.replace("{uri}", encodeURIComponent(account));
    return address !== home.template && isWebAddress(address) ? address : null;
}

const soundHome = (home: FollowHome): boolean => followAddress(home, "a@b.example") !== null;

export async function askFollow(slug: string, typed: string): Promise<FollowAnswer> {
    const server = followServer(typed);
    if (server === null) {
        return { refused: "typed" };
    }
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), ANSWER_MS);
    try {
        const response = await fetch(`${eventAddress(slug)}/follow?server=${encodeURIComponent(server)}`, {
            signal: limit.signal,
        });
        const { template } = (await response.json()) as { template?: unknown };
        const home = { server, template: String(template) };
        return soundHome(home) ? { home } : { refused: "server" };
    } catch {
        return { refused: "offline" };
    } finally {
        clearTimeout(timer);
    }
}

export function keptHome(base: Store = store()): FollowHome | null {
    try {
        const kept = JSON.parse(base.get(FOLLOW) ?? "null") as Partial<FollowHome> | null;
        const home = { server: String(kept?.server), template: String(kept?.template) };
        return soundHome(home) ? home : null;
    } catch {
        return null;
    }
}

/* The server is also that for sharing, as far as it can be. */
export function keepHome(home: FollowHome, base: Store = store()): void {
    base.set(FOLLOW, JSON.stringify(home));
    const host = instanceHost(home.server);
    if (host !== null) {
        keepInstance(host, base);
    }
}

/* What the field says at first. */
export function knownServer(base: Store = store()): string {
    return keptHome(base)?.server ?? keptInstance(base) ?? "";
}
