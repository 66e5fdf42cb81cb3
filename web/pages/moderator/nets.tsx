/* Where a question stands on each network. Links and buttons only in the selected row: 300 rows are not to be tabbed
   through. */

import type { Account, LeftPost, Post, PostKind, Question } from "../../core/protocol";
import { POST_KINDS } from "../../core/protocol";
import type { Model } from "../../core/state";
import { clockTime, t } from "../../core/words";
import { Icon } from "../../parts/icon";
import { accountLabel } from "../../parts/networks";
import type { ModeratorDesk } from "./desk";
import { accountOf, dropAct, retryAct } from "./outside";
import { lasting, mayDrop, mayRetry, standingOf, unsent, type Standing } from "./standing";

interface NetsProps {
    desk: ModeratorDesk;
    n: number;
    question: Question;
    accounts: readonly Account[];
    selected: boolean;
    busy: boolean;
}

function standingWords({ word, why, due }: Standing): string {
    return t(word, {
        ...(why === null ? {} : { why: t(why) }),
        ...(due === null ? {} : { time: clockTime(due) }),
    });
}

function whereWords(kind: PostKind, account: Account | undefined, accounts: readonly Account[]): string {
    const where = account === undefined ? t("moderator.post.nowhere") : accountLabel(account, accounts);
    return kind === "question" ? where : t(`moderator.post.${kind}`, { where });
}

const place = (post: Post): number => post.account * POST_KINDS.length + POST_KINDS.indexOf(post.kind);

export function Nets({ desk, n, question, accounts, selected, busy }: NetsProps) {
    const posts = [...question.posts].sort((a, b) => place(a) - place(b));
    const first = (post: Post) =>
        posts.find((each) => each.account === post.account && mayDrop(each, accountOf(each, accounts))) ===
        post;
    return (
        <ul class="nets wide">
            {posts.map((post) => {
                const account = accountOf(post, accounts);
                return (
                    <li key={place(post)}>
                        <PostState post={post} account={account} accounts={accounts} linked={selected} />
                        {selected && account !== undefined && mayRetry(post, account) && (
                            <Press
                                text={t("moderator.post.retry")}
                                name={whereWords(post.kind, account, accounts)}
                                busy={busy}
                                run={() => desk.actOutside(n, () => retryAct(n, post, account))}
                            />
                        )}
                        {selected && account !== undefined && first(post) && (
                            <Press
                                text={t(unsent(post) ? "moderator.post.stop" : "moderator.post.drop")}
                                name={accountLabel(account, accounts)}
                                busy={busy}
                                run={() => desk.actOutside(n, (now) => dropAct(now, account))}
                            />
                        )}
                    </li>
                );
            })}
        </ul>
    );
}

interface PostStateProps {
    post: Post;
    account: Account | undefined;
    accounts: readonly Account[];
    linked: boolean;
}

function PostState({ post, account, accounts, linked }: PostStateProps) {
    const standing = standingOf(post, account);
    const where = whereWords(post.kind, account, accounts);
    return (
        <span class={standing.bad ? "net bad" : "net"}>
            <Icon name={standing.icon} />
            <span>
                {linked && post.url !== null ? (
                    <a href={post.url} target="_blank" rel="noopener noreferrer">
                        {where}
                    </a>
                ) : (
                    where
                )}
                : {standingWords(standing)}
            </span>
        </span>
    );
}

interface PressProps {
    text: string;
    name: string;
    busy: boolean;
    run: () => void;
}

function Press({ text, name, busy, run }: PressProps) {
    return (
        <button
            class="btn btn-text"
            type="button"
            disabled={busy}
            onClick={(event) => {
                event.stopPropagation();
                run();
            }}
        >
            {text}
            <span class="vh">: {name}</span>
        </button>
    );
}

/* Posts of questions that are gone: the sheet behind the notice at the top. */
export function Left({ desk, model }: { desk: ModeratorDesk; model: Model }) {
    const posts = lasting(model.left);
    return (
        <section>
            <p>{t(posts.length === 0 ? "moderator.left.none" : "moderator.left.says")}</p>
            <ul class="left">
                {posts.map((post) => (
                    <LeftRow key={`${post.n}/${place(post)}`} desk={desk} model={model} post={post} />
                ))}
            </ul>
        </section>
    );
}

function LeftRow({ desk, model, post }: { desk: ModeratorDesk; model: Model; post: LeftPost }) {
    const account = accountOf(post, model.accounts);
    return (
        <li>
            <h3>{t("moderator.left.question", { n: String(post.n) })}</h3>
            <p class="nets">
                <PostState post={post} account={account} accounts={model.accounts} linked />
            </p>
            {account !== undefined && mayRetry(post, account) && (
                <button
                    class="btn"
                    type="button"
                    disabled={desk.doing.busy.value.has(post.n)}
                    onClick={() => void desk.doing.performOut(retryAct(post.n, post, account))}
                >
                    {t("moderator.left.retry")}
                    <span class="vh">
                        : #{post.n}, {accountLabel(account, model.accounts)}
                    </span>
                </button>
            )}
        </li>
    );
}
