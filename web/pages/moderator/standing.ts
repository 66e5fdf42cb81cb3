/* Where a post stands, as a word of the catalogue, and what can be done about it. Pure. */

import type { Account, Post } from "../../core/protocol";
import type { Word } from "../../core/words";
import type { IconName } from "../../parts/icon";

export interface Standing {
    readonly icon: IconName;
    readonly word: Word;
    readonly why: Word | null; /* fills {why} */
    readonly due: number | null; /* minute; fills {time} */
    readonly bad: boolean; /* it will not mend by itself */
}

const UNDER_WAY = {
    post: "moderator.post.sending",
    edit: "moderator.post.changing",
    delete: "moderator.post.deleting",
} as const;

function standing(icon: IconName, word: Word, more: Partial<Standing> = {}): Standing {
    return { icon, word, why: null, due: null, bad: false, ...more };
}

/* An account that leaves makes no more posts; one whose log-in is over waits for a new one. */
const posts = (account: Account | undefined): boolean =>
    account !== undefined && account.state !== "left" && account.state !== "leaving";
const stopped = (account: Account | undefined): boolean =>
    account?.state === "expired" || account?.state === "refused";

function whyOf(post: Post, account: Account | undefined): Word | null {
    if (account === undefined || account.state === "left") {
        return "moderator.trouble.left";
    }
    return post.trouble === null ? null : `moderator.trouble.${post.trouble}`;
}

export function standingOf(post: Post, account: Account | undefined): Standing {
    switch (post.state) {
        case "queued":
            return post.due === null
                ? standing("clock", "moderator.post.waits")
                : standing("clock", "moderator.post.waits.until", { due: post.due });
        case "ready":
        case "sending": {
            if (stopped(account)) {
                return standing("warn", "moderator.post.waits.login");
            }
            const why = post.trouble === null ? null : whyOf(post, account);
            return why === null
                ? standing("clock", UNDER_WAY[post.act])
                : standing("turn", "moderator.post.again", { why });
        }
        case "sent":
            return standing("check", "moderator.post.sent");
        case "failed": {
            const why = whyOf(post, account) ?? "moderator.trouble.answer";
            return standing("warn", `moderator.post.failed.${post.act}`, { why, bad: true });
        }
        case "deleted":
            return post.emptied
                ? standing("close", "moderator.post.emptied")
                : standing("close", "moderator.post.deleted");
    }
}

/* Tried again by hand: what has failed, and what a moderator had deleted. */
export function mayRetry(post: Post, account: Account | undefined): boolean {
    if (post.state === "failed") {
        return posts(account) || (account?.state === "leaving" && post.act === "delete");
    }
    return posts(account) && post.state === "deleted" && post.dropped;
}

/* Nothing of it can be out there yet. */
export function unsent(post: Post): boolean {
    return (
        post.act === "post" && (post.state === "queued" || (post.state === "ready" && post.trouble === null))
    );
}

/* Deleted by hand, or kept from leaving. */
export function mayDrop(post: Post, account: Account | undefined): boolean {
    const able = account !== undefined && account.state !== "left";
    return able && !post.dropped && post.state !== "deleted";
}

/* Posts of gone questions that somebody should know of: the others are being deleted as they should. */
export function lasting<P extends Post>(left: readonly P[]): P[] {
    return left.filter((post) => post.state === "failed" || post.emptied || post.trouble !== null);
}
