/* What stands under a question: number and minute, marks, and where else it is to be found. */

import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { questionAddress } from "../../core/address";
import type { Account, Post, Question } from "../../core/protocol";
import { clockTime, t } from "../../core/words";
import { AskedBy } from "../../parts/asker";
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

/* "Me too", for this question. */
export interface Interest {
    readonly mine: boolean;
    readonly open: () => void;
}

interface FootProps {
    readonly question: Question;
    readonly slug: string;
    readonly says?: string | undefined;
    readonly out?: Out | undefined; /* left out: nothing is said of other places */
    readonly interest?: Interest | undefined;
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

function InterestMark({ question, interest }: { question: Question; interest: Interest }) {
    const { n, interest: count } = question;
    const own = t(interest.mine ? "audience.interest.on" : "audience.interest");
    const shown = count === 0 ? own : t("audience.interest.count", { n: count });
    const name = t(interest.mine ? "audience.interest.on_of" : "audience.interest.of", { n: String(n) });
    return (
        <button
            class="btn btn-text interest"
            type="button"
            aria-haspopup="dialog"
            aria-label={count === 0 ? name : `${name}, ${shown}`}
            onClick={interest.open}
        >
            <Icon name={interest.mine ? "check" : "people"} />
            {shown}
        </button>
    );
}

export function QuestionFoot({ question, slug, says, out, interest }: FootProps) {
    const [open, setOpen] = useState(false);
    const { n, minute, posts } = question;
    const time = clockTime(minute);
    const there = out !== undefined && posts.length > 0;
    return (
        <>
            {question.card !== null && <AskedBy asker={question.card} slug={slug} />}
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
                {interest !== undefined && <InterestMark question={question} interest={interest} />}
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
