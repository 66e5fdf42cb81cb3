/* Following somebody: on the fediverse the reader's own server does it, once it is known; elsewhere their
 * profile. */

import { useEffect, useRef, useState } from "preact/hooks";
import { networkOf } from "../../core/account";
import { askFollow, followAddress, knownServer, type FollowHome } from "../../core/follow";
import type { CardAccount } from "../../core/people";
import { t } from "../../core/words";
import { CopyButton } from "../../parts/copy";
import { Icon } from "../../parts/icon";
import { Panel } from "../../parts/panel";
import type { PeoplePage } from "./page";

interface FollowProps {
    readonly page: PeoplePage;
    readonly account: CardAccount;
    readonly first: boolean;
    readonly home: FollowHome | null;
}

export function Follow({ page, account, first, home }: FollowProps) {
    const network = networkOf(account.name);
    const address = network === "fediverse" ? home && followAddress(home, account.name) : account.url;
    const look = first ? "btn btn-act" : "btn";
    const name = t("people.follow.of", { account: account.name });
    if (network === "other") {
        return (
            <a class={look} href={account.url} target="_blank" rel="noopener noreferrer nofollow">
                {t("people.follow.profile")}
                <span class="vh">: @{account.name}</span>
            </a>
        );
    }
    return address === null ? (
        <button
            class={look}
            type="button"
            aria-haspopup="dialog"
            aria-label={name}
            onClick={() => (page.following.value = { account: account.name })}
        >
            {t("people.follow")}
        </button>
    ) : (
        <a class={look} href={address} target="_blank" rel="noopener noreferrer nofollow" aria-label={name}>
            {t("people.follow")}
        </a>
    );
}

/* From where the reader follows others, once that is known. */
export function FollowingFrom({ page }: { page: PeoplePage }) {
    const home = page.home.value;
    return (
        home && (
            <p class="via small">
                <span>{t("people.follow.via", { server: home.server })}</span>
                <button
                    class="btn btn-text"
                    type="button"
                    aria-haspopup="dialog"
                    onClick={() => (page.following.value = { account: null })}
                >
                    {t("people.follow.change")}
                </button>
            </p>
        )
    );
}

type Answer = "none" | "busy" | "typed" | "server" | "offline" | "known";

/* The way there is known: the tap on it is the reader's own. */
function Known({ home, account }: { home: FollowHome; account: string | null }) {
    const link = useRef<HTMLAnchorElement>(null);
    useEffect(() => link.current?.focus(), []);
    return account === null ? (
        <p role="status">{t("people.follow.set", { server: home.server })}</p>
    ) : (
        <a
            class="btn btn-act"
            ref={link}
            href={followAddress(home, account) ?? ""}
            target="_blank"
            rel="noopener noreferrer nofollow"
        >
            <Icon name="out" />
            {t("people.follow.there", { server: home.server })}
        </a>
    );
}

function Says({ answer }: { answer: Answer }) {
    return (
        <p class="st" id="home-says" role="status">
            {answer === "busy" && t("people.follow.busy")}
            {(answer === "typed" || answer === "server" || answer === "offline") && (
                <>
                    <Icon name="warn" />
                    {t(`people.follow.refused.${answer}`)}
                </>
            )}
        </p>
    );
}

export function FollowSheet({ page, account }: { page: PeoplePage; account: string | null }) {
    const [typed, type] = useState(() => knownServer());
    const [answer, setAnswer] = useState<Answer>("none");
    const home = page.home.value;

    async function go(event: Event): Promise<void> {
        event.preventDefault();
        setAnswer("busy");
        const said = await askFollow(page.slug, typed);
        if ("home" in said) {
            page.settle(said.home);
            setAnswer("known");
        } else {
            setAnswer(said.refused);
        }
    }
    return (
        <Panel title={t("people.follow.title")} onClose={() => (page.following.value = null)}>
            {account !== null && <p>{t("people.follow.says", { account })}</p>}
            <form class="follow" noValidate onSubmit={(event) => void go(event)}>
                <label class="lab" for="home">
                    {t("people.follow.label")}
                </label>
                <input
                    class="field"
                    id="home"
                    type="text"
                    inputMode="url"
                    autocapitalize="none"
                    autocomplete="off"
                    spellcheck={false}
                    placeholder="mastodon.social"
                    aria-invalid={answer === "typed" || answer === "server"}
                    aria-describedby="home-says home-asks"
                    value={typed}
                    onInput={(event) => {
                        type(event.currentTarget.value);
                        setAnswer("none");
                    }}
                />
                <p class="small" id="home-asks">
                    {t("people.follow.asks")}
                </p>
                <Says answer={answer} />
                {answer === "known" && home !== null ? (
                    <Known home={home} account={account} />
                ) : (
                    <button class="btn btn-act" type="submit" aria-disabled={answer === "busy"}>
                        {t("people.follow.go")}
                    </button>
                )}
            </form>
            {answer === "server" && account !== null && (
                <CopyButton text={`@${account}`} label={t("people.follow.account")} />
            )}
        </Panel>
    );
}
