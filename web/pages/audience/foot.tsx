/* What stands under a question: number and minute, marks, and where else it is to be found. */

import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { questionAddress } from "../../core/address";
import type { Account, Post, Question } from "../../core/protocol";
import { clockTime, t } from "../../core/words";
import { Icon } from "../../parts/icon";
import { accountLabel } from "../../parts/networks";

/* Links to what is out there, named by network. */
export function OutLinks({ posts, accounts }: { posts: readonly Post[]; accounts: readonly Account[] }) {
    const links = posts.flatMap((post) => {
        const account = accounts.find((each) => each.id === post.account);
        return post.url === null || account === undefined ? [] : [{ account, url: post.url }];
    });
    return (
        <>
            {t("audience.out.on")}{" "}
            {links.map(({ account, url }, at) => (
                <Fragment key={account.id}>
                    {at > 0 && ", "}
                    <a href={url} target="_blank" rel="noopener noreferrer">
                        {accountLabel(account, accounts)}
                    </a>
                </Fragment>
            ))}
        </>
    );
}

interface Out {
    readonly accounts: readonly Account[];
    readonly tag: string;
    readonly share: () => void;
}

interface FootProps {
    readonly question: Question;
    readonly slug: string;
    readonly says?: string | undefined;
    readonly out?: Out | undefined; /* left out: nothing is said of other places */
}

/* The mark of a question that is also out there. Its place is kept free, so that its coming moves nothing. */
function OutMark({ tag, open, onToggle }: { tag: string; open: boolean; onToggle: () => void }) {
    return (
        <button class="btn btn-text" type="button" aria-expanded={open} onClick={onToggle}>
            <Icon name="out" />
            <span>{t("audience.out", { hashtag: tag })}</span>
        </button>
    );
}

export function QuestionFoot({ question, slug, says, out }: FootProps) {
    const [open, setOpen] = useState(false);
    const { n, minute, posts } = question;
    const time = clockTime(minute);
    const there = out !== undefined && posts.length > 0;
    return (
        <>
            <p class="q-foot">
                <a
                    class="no num"
                    href={questionAddress(slug, n)}
                    aria-label={t("audience.question_link", { n: String(n), time })}
                >
                    #{n}, {time}
                </a>
                {question.pinned && (
                    <span class="st">
                        <Icon name="pin" />
                        {t("audience.pinned")}
                    </span>
                )}
                {question.edited && <span>{t("audience.edited")}</span>}
                {says !== undefined && <span>{says}</span>}
                {out !== undefined && out.accounts.length > 0 && (
                    <span class="out-place">
                        {there && <OutMark tag={out.tag} open={open} onToggle={() => setOpen(!open)} />}
                    </span>
                )}
            </p>
            {there && open && (
                <p class="q-out">
                    <span>
                        <OutLinks posts={posts} accounts={out.accounts} />
                    </span>
                    <button class="btn btn-text" type="button" onClick={out.share}>
                        {t("share.title")}
                    </button>
                </p>
            )}
        </>
    );
}
