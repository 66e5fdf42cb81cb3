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

export function peopleAddress(slug: string): string {
    return `/e/${slug}/people`;
}

/* A card among the others. */
export function cardAddress(slug: string, tag: string): string {
    return `${peopleAddress(slug)}#${tag}`;
}

/* Behind the event's address: opens one's own card. */
export const OWN_CARD = "#card";

/* A card's own page, which other pages can link back to. */
export function cardPage(base: string, slug: string, tag: string): string {
    return `${base.replace(/\/$/, "")}${peopleAddress(slug)}/${tag}`;
}

/* For people elsewhere: `base` is the server's public address. */
export function publicAddress(base: string, slug: string, n: number): string {
    return base.replace(/\/$/, "") + questionAddress(slug, n);
}

/* Whether this page is the public one: other servers send the browser back there, and what is kept here stays here. */
export function atHome(base: string): boolean {
    return new URL(base).origin === location.origin;
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
