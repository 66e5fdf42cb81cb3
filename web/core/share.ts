/* "Post it myself": links that open a network's own form with text, hashtag and link filled in. No
 * account and no server of ours is involved, and nothing is asked of anybody before the tap. */

import { composePost, type PostPlace, type PostSource } from "./post";
import { store, type Store } from "./storage";

export const SHARE_TARGETS = ["mastodon", "bluesky", "threads", "linkedin", "x", "mail"] as const;
export type ShareTarget = (typeof SHARE_TARGETS)[number];

export interface Shared extends PostSource {
    readonly title: string; /* the event's */
}

/* The limits of people's own accounts, as far as one can know them. */
const LIMITS = { mastodon: 500, bluesky: 300, threads: 500, x: 280 } as const;

/* The lead, cut where the network would cut, and everything behind it. */
function textFor(target: keyof typeof LIMITS, shared: Shared): string {
    const place: PostPlace = {
        network: target === "x" ? "x" : "mastodon",
        limit: LIMITS[target],
        link: target === "mastodon" ? 23 : 0,
    };
    return composePost(shared, place).text;
}

/* Everything, uncut: for mail, the clipboard and the system's sheet. */
export function sharedText(shared: Shared): string {
    return `${shared.text}\n\n${sharedTail(shared)}`;
}

export function sharedTail({ hashtags, url }: Shared): string {
    return [...hashtags.map((tag) => `#${tag}`), url].join(" ");
}

/* Null: this network needs to know whose server it is. `host`: a Mastodon server, as from instanceHost(). */
export function shareAddress(target: ShareTarget, shared: Shared, host: string | null): string | null {
    const encode = encodeURIComponent;
    switch (target) {
        case "mastodon":
            return host === null ? null : `https://${host}/share?text=${encode(textFor(target, shared))}`;
        case "bluesky":
            return `https://bsky.app/intent/compose?text=${encode(textFor(target, shared))}`;
        case "threads":
            return `https://www.threads.net/intent/post?text=${encode(textFor(target, shared))}`;
        case "linkedin":
            return `https://www.linkedin.com/sharing/share-offsite/?url=${encode(shared.url)}`;
        case "x":
            return `https://x.com/intent/tweet?text=${encode(textFor(target, shared))}`;
        case "mail": {
            const body = sharedText(shared).replace(/\n/g, "\r\n");
            return `mailto:?subject=${encode(shared.title)}&body=${encode(body)}`;
        }
    }
}

const HOST = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/* The server in what people type for it: its name, its address, or their own `@name@server`. */
export function instanceHost(typed: string): string | null {
    const name = typed
        .trim()
        .replace(/^https?:\/\//i, "")
        .replace(/\/.*$/, "")
        .replace(/^.*@/, "");
    try {
        const { hostname, host } = new URL(`https://${name}`);
        return host === hostname && HOST.test(hostname) ? hostname : null;
    } catch {
        return null;
    }
}

const INSTANCE = "raute/instance";
export const FOLLOW = "raute/follow"; /* core/follow.ts */

/* Remembered in this browser only. */
export function keptInstance(base: Store = store()): string | null {
    return instanceHost(base.get(INSTANCE) ?? "");
}

export function keepInstance(host: string, base: Store = store()): void {
    base.set(INSTANCE, host);
}

/* The server and what is known of it go; returns what was there: key and value. */
export function forgetInstance(base: Store = store()): [string, string][] {
    return [INSTANCE, FOLLOW].flatMap((key): [string, string][] => {
        const kept = base.get(key);
        base.remove(key);
        return kept === null ? [] : [[key, kept]];
    });
}
