/* Our own addresses, as in server/wire/README.md. */

/* The slug of /e/SLUG…; "" elsewhere. */
export function slugOfPage(path: string = location.pathname): string {
    return /^\/e\/([a-z0-9]{3,40})(?:\/|$)/.exec(path)?.[1] ?? "";
}

export function eventAddress(slug: string): string {
    return `/e/${slug}`;
}

export function questionAddress(slug: string, n: number): string {
    return `/e/${slug}/q/${n}`;
}

/* For people elsewhere: `base` is the server's public address. */
export function publicAddress(base: string, slug: string, n: number): string {
    return base.replace(/\/$/, "") + questionAddress(slug, n);
}

/* What people typed as a code: a slug, a hashtag or the whole address. "" when it can be none. */
export function slugOfTyped(typed: string): string {
    const last =
        typed
            .trim()
            .replace(/[?#][^/]*$/, (tail) => (typed.trim() === tail ? tail : ""))
            .split("/")
            .pop() ?? "";
    const slug = last.toLowerCase().replace(/[^a-z0-9]/g, "");
    return /^[a-z0-9]{3,40}$/.test(slug) ? slug : "";
}
