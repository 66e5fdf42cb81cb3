/* The question as a post under one's own name: logged in for this one post at the server of an account of
 * the card. */

import { useState } from "preact/hooks";
import { networkOf, openAccounts } from "../../core/account";
import { atHome, publicAddress } from "../../core/address";
import type { OwnCard } from "../../core/person";
import { composePost, type PostPlace } from "../../core/post";
import type { Model } from "../../core/state";
import { refusalWords, t } from "../../core/words";
import { Icon } from "../../parts/icon";
import { Panel } from "../../parts/panel";
import { useLeave } from "./leave";
import { allOwn } from "./mine";
import type { AudiencePage, OwnRow } from "./page";
import type { SheetProps } from "./sheets";

/* As far as one can know the limits of a server that was not asked. */
const MASTODON: PostPlace = { network: "mastodon", limit: 500, link: 23 };
const BLUESKY: PostPlace = { network: "bluesky", limit: 300, link: 0 };

export function AccountChoice(props: {
    legend: string;
    accounts: readonly string[];
    none?: string; /* said for "" */
    value: string;
    onChange: (account: string) => void;
}) {
    const { legend, accounts, none, value, onChange } = props;
    return (
        <fieldset class="sheet-choice">
            <legend class="lab">{legend}</legend>
            {[...(none === undefined ? [] : [""]), ...accounts].map((account) => (
                <label key={account}>
                    <input
                        type="radio"
                        name="account"
                        checked={account === value}
                        onChange={() => onChange(account)}
                    />
                    <span>{account === "" ? none : account}</span>
                </label>
            ))}
        </fieldset>
    );
}

interface ReadyProps {
    readonly page: AudiencePage;
    readonly model: Model;
    readonly row: OwnRow;
    readonly card: OwnCard;
}

function Ready({ page, model, row, card }: ReadyProps) {
    const accounts = openAccounts(card.accounts);
    const [account, choose] = useState(accounts[0] ?? "");
    const { event } = model;
    const { busy, failure, leave } = useLeave(event, page.store);
    const n = row.question?.n ?? 0;
    const source = {
        text: row.question?.text ?? row.own.text,
        hashtags: event.hashtags,
        url: publicAddress(model.url, event.slug, n),
    };
    const post = composePost(source, networkOf(account) === "bluesky" ? BLUESKY : MASTODON);
    const wish = { card: card.key, account, purpose: "post", n } as const;
    const says =
        failure?.code === "bad_server"
            ? t("person.post.bad_server", { account })
            : failure && refusalWords(failure);
    return (
        <>
            <AccountChoice
                legend={t("person.post.account")}
                accounts={accounts}
                value={account}
                onChange={choose}
            />
            <h3>{t("person.post.text")}</h3>
            <blockquote class="voice">
                <p dir="auto">{post.lead}</p>
                <p>{post.tail}</p>
            </blockquote>
            <p class="small">{t("person.post.limits")}</p>
            <p class="small">{t("person.post.token")}</p>
            <p role="status" class={says === null ? "vh" : "hint"}>
                {says !== null && <Icon name="warn" />}
                <span>{says ?? (busy && t("person.post.busy"))}</span>
            </p>
            <button class="btn btn-act" type="button" disabled={busy} onClick={() => void leave(wish)}>
                <Icon name="out" />
                {t("person.post.go")}
            </button>
        </>
    );
}

/* What is still missing, and where to get it. */
function Missing({ says, label, onGo }: { says: string; label: string; onGo: () => void }) {
    return (
        <>
            <p>{says}</p>
            <button class="btn btn-act" type="button" onClick={onGo}>
                {label}
            </button>
        </>
    );
}

/* The far server sends the browser back to the public address: what this one keeps must be kept there. */
export function Elsewhere({ url }: { url: string }) {
    return (
        <p class="hint">
            <Icon name="turn" />
            <span>
                {t("person.post.elsewhere")} <a href={url}>{url}</a>
            </span>
        </p>
    );
}

function Body({ page, model, salt }: { page: AudiencePage; model: Model; salt: string }) {
    const row = allOwn(page, model).find(({ own }) => own.salt === salt);
    const card = page.person?.card.value ?? null;
    const { sheet } = page;
    if (row?.question?.text == null) {
        return <p>{t("person.post.not_shown")}</p>;
    }
    if (!atHome(model.url)) {
        return <Elsewhere url={model.url} />;
    }
    if (card === null || openAccounts(card.accounts).length === 0) {
        return (
            <Missing
                says={t(card === null ? "person.post.no_card" : "person.post.no_account")}
                label={t("person.back.card")}
                onGo={() => (sheet.value = { kind: "card" })}
            />
        );
    }
    if (row.own.claim !== "made") {
        return (
            <Missing
                says={t(row.own.claim === "wanted" ? "person.post.claim_waits" : "person.post.no_claim")}
                label={t("person.post.claim")}
                onGo={() => (sheet.value = { kind: "claim", salt })}
            />
        );
    }
    return <Ready page={page} model={model} row={row} card={card} />;
}

export function PostSheet({ page, model, sheet }: SheetProps<"post">) {
    return (
        <Panel title={t("person.post.title")} onClose={() => (page.sheet.value = null)}>
            <Body page={page} model={model} salt={sheet.salt} />
        </Panel>
    );
}
