/* The event's accounts on open networks: which there are, how they are, and how to be rid of them. */

import { useEffect, useRef, useState } from "preact/hooks";
import { eventAddress } from "../../core/address";
import type { Account, Post } from "../../core/protocol";
import type { Model } from "../../core/state";
import { t, tn } from "../../core/words";
import { Icon, type IconName } from "../../parts/icon";
import { NETWORK_NAMES } from "../../parts/networks";
import { showToast } from "../../parts/toast";
import { Connect } from "./connect";
import { Disclosure } from "./disclosure";
import { failure } from "./links";
import type { Session } from "./session";

interface AccountsProps {
    session: Session;
    model: Model;
    arrived: number | null; /* the account that a log-in has just connected */
}

export function Accounts({ session, model, arrived }: AccountsProps) {
    const { event, accounts } = model;
    const [again, setAgain] = useState<Account | null>(null);
    const [fresh, setFresh] = useState(arrived === null ? null : { id: arrived });
    return (
        <section class="sect" aria-labelledby="h-accounts">
            <h2 id="h-accounts">{t("organiser.accounts")}</h2>
            <p>{t("organiser.accounts.says", { tag: event.hashtags[0] ?? event.title })}</p>
            <ul class="accounts">
                {accounts.map((account) => (
                    <AccountRow
                        key={account.id}
                        session={session}
                        model={model}
                        account={account}
                        fresh={account.id === fresh?.id ? fresh : null}
                        onAgain={() => setAgain({ ...account })}
                    />
                ))}
            </ul>
            <Connect
                session={session}
                model={model}
                again={again}
                onConnected={(id) => {
                    setAgain(null);
                    setFresh({ id });
                }}
            />
        </section>
    );
}

const ICONS: Record<NonNullable<Account["state"]>, IconName> = {
    connected: "check",
    expired: "warn",
    refused: "warn",
    leaving: "clock",
    left: "close",
};

/* Questions with something that this account still has to do. */
function waiting(model: Model, account: number): number {
    const waits = (post: Post) =>
        post.account === account &&
        (post.state === "queued" || post.state === "ready" || post.state === "sending");
    return [...model.questions.values()].filter((each) => each.posts.some(waits)).length;
}

function stateWords(account: Account, waits: number): string {
    const state = account.state ?? "connected";
    const says = t(`organiser.account.${state}`);
    return waits > 0 && (state === "expired" || state === "refused")
        ? `${says} ${tn("organiser.account.waits", waits)}`
        : says;
}

interface AccountRowProps {
    session: Session;
    model: Model;
    account: Account;
    fresh: object | null; /* another one each time that it was connected just now */
    onAgain: () => void;
}

function AccountRow({ session, model, account, fresh, onAgain }: AccountRowProps) {
    const state = account.state ?? "connected";
    const heading = useRef<HTMLHeadingElement>(null);
    useEffect(() => {
        if (fresh !== null) {
            heading.current?.focus();
            showToast({ text: t("organiser.account.arrived", { name: account.name }) });
        }
    }, [fresh]);

    async function disconnect() {
        const result = await session.post("disconnect", { account: account.id });
        if (!result.ok) {
            showToast({ text: failure(result) });
        }
    }
    return (
        <li>
            <Avatar slug={model.event.slug} account={account} />
            <div class="account">
                <h3 ref={heading} tabIndex={-1}>
                    {account.url === null ? (
                        account.name
                    ) : (
                        <a href={account.url} target="_blank" rel="noopener noreferrer">
                            {account.name}
                        </a>
                    )}
                </h3>
                <p class="st">
                    <Icon name={ICONS[state]} />
                    {stateWords(account, waiting(model, account.id))}
                </p>
                <p class="small">{limits(account)}</p>
            </div>
            <div class="btns">
                {(state === "expired" || state === "refused") && (
                    <button class="btn btn-act" type="button" onClick={onAgain}>
                        {t("organiser.account.again")}
                        <span class="vh">: {account.name}</span>
                    </button>
                )}
                {state === "connected" && <TestPost session={session} account={account} />}
                {state !== "leaving" && state !== "left" && (
                    <Disclosure
                        button={
                            <>
                                {t("organiser.account.leave")}
                                <span class="vh">: {account.name}</span>
                            </>
                        }
                        says={t("organiser.account.leave.says")}
                        act={t("organiser.account.leave.do")}
                        onAct={disconnect}
                    />
                )}
            </div>
        </li>
    );
}

function Avatar({ slug, account }: { slug: string; account: Account }) {
    const source = `${eventAddress(slug)}/accounts/${account.id}/avatar`;
    return account.avatar ? (
        <img class="avatar" src={source} alt="" width={48} height={48} />
    ) : (
        <span class="avatar" aria-hidden="true">
            {/[\p{L}\p{N}]/u.exec(account.name)?.[0]?.toUpperCase()}
        </span>
    );
}

function limits(account: Account): string {
    const network = NETWORK_NAMES[account.network];
    const length = t("organiser.account.limit", { network, n: account.limit });
    const link = account.link > 0 ? `, ${t("organiser.account.link", { n: account.link })}` : "";
    return `${length}${link}. ${account.keeps ? t("organiser.account.keeps") : ""}`.trim();
}

type Fate = "deleted" | "emptied" | "left";
type Tested =
    | { readonly kind: "rest" | "busy" }
    | { readonly kind: "failed"; readonly says: string }
    | { readonly kind: "done"; readonly url: string | null; readonly fate: Fate };

/* A real post, and what became of it. */
function TestPost({ session, account }: { session: Session; account: Account }) {
    const [tested, setTested] = useState<Tested>({ kind: "rest" });

    async function run() {
        if (tested.kind === "busy") {
            return;
        }
        setTested({ kind: "busy" });
        const result = await session.post("account_test", { account: account.id });
        if (!result.ok) {
            setTested({ kind: "failed", says: failure(result) });
            return;
        }
        const { url, deleted, emptied } = result.value;
        const address = typeof url === "string" && /^https?:\/\//.test(url) ? url : null;
        const fate = deleted === true ? "deleted" : emptied === true ? "emptied" : "left";
        setTested({ kind: "done", url: address, fate });
    }
    return (
        <>
            <button
                class="btn"
                type="button"
                aria-disabled={tested.kind === "busy"}
                onClick={() => void run()}
            >
                {t("organiser.test")}
                <span class="vh">: {account.name}</span>
            </button>
            <p class="st tested" role="status">
                {tested.kind === "busy" && t("organiser.test.busy")}
                {tested.kind === "failed" && (
                    <>
                        <Icon name="warn" />
                        {tested.says}
                    </>
                )}
                {tested.kind === "done" && (
                    <>
                        <Icon name={tested.fate === "left" ? "warn" : "check"} />
                        <span>
                            {t(`organiser.test.${tested.fate}`)}{" "}
                            {tested.url !== null && (
                                <a href={tested.url} target="_blank" rel="noopener noreferrer">
                                    {t(
                                        tested.fate === "left"
                                            ? "organiser.test.there"
                                            : "organiser.test.where",
                                    )}
                                </a>
                            )}
                        </span>
                    </>
                )}
            </p>
        </>
    );
}
