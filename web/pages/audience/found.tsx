/* Sharing an own question so that its asker can be found: the link's code commits to question, card and
 * account, and says nothing until the post is shown to be the asker's. */

import { effect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { openAccounts } from "../../core/account";
import { postCode } from "../../core/card";
import { codeSalt } from "../../core/codes";
import { postCommand } from "../../core/command";
import { fromBase64, toBase64 } from "../../core/encode";
import type { OwnCard } from "../../core/person";
import type { Model } from "../../core/state";
import { refusalWords, t } from "../../core/words";
import { Icon } from "../../parts/icon";
import { AccountChoice } from "./post_sheet";
import type { AudiencePage, OwnRow } from "./page";

const CLAIM_MS = 30_000;

export interface FoundProps {
    readonly page: AudiencePage;
    readonly model: Model;
    readonly row: OwnRow;
    readonly card: OwnCard;
    readonly onCode: (code: string | null) => void; /* null: one that says nothing */
}

async function codeFor({ page, model, row, card }: FoundProps, account: string): Promise<string | null> {
    const event = fromBase64(model.event.id, 16);
    const key = fromBase64(row.own.key, 32);
    const cardKey = fromBase64(card.key, 32);
    const salt = page.store && fromBase64(codeSalt(page.store, row.own.salt, account), 16);
    return event && key && cardKey && salt ? toBase64(postCode(event, key, cardKey, salt, account)) : null;
}

/* The claim is what the post is shown for: true once it stands. */
function claimed(page: AudiencePage, salt: string): Promise<boolean> {
    const { outbox } = page;
    if (outbox === null) {
        return Promise.resolve(false);
    }
    const claimOf = (): string | undefined => outbox.own.value.find((own) => own.salt === salt)?.claim;
    if (claimOf() !== "made") {
        outbox.claim(salt);
    }
    return new Promise((resolve) => {
        const done = (stands: boolean): void => {
            clearTimeout(timer);
            queueMicrotask(() => stop());
            resolve(stands);
        };
        const timer = setTimeout(() => done(false), CLAIM_MS);
        const stop = effect(() => {
            const claim = claimOf();
            if (claim === "made" || claim === "none" || claim === undefined) {
                done(claim === "made");
            }
        });
    });
}

type Going =
    | { readonly kind: "rest" }
    | { readonly kind: "busy" }
    | { readonly kind: "shown" }
    | { readonly kind: "failed"; readonly says: string };

function Posted({ account, ...props }: FoundProps & { account: string }) {
    const { page, model, row, card } = props;
    const [typed, type] = useState("");
    const [going, go] = useState<Going>({ kind: "rest" });
    async function prove(): Promise<void> {
        const { store } = page;
        const url = typed.trim();
        const n = row.question?.n ?? 0;
        if (store === null || !/^https?:\/\/./.test(url)) {
            go({ kind: "failed", says: t("person.found.no_address") });
            return;
        }
        go({ kind: "busy" });
        if (!(await claimed(page, row.own.salt))) {
            go({ kind: "failed", says: t("person.found.no_claim") });
            return;
        }
        const salt = codeSalt(store, row.own.salt, account);
        const members = { card: card.key, account, kind: "post", n, salt, url } as const;
        const result = await postCommand(model.event.slug, store.get("member"), "prove", members);
        go(result.ok ? { kind: "shown" } : { kind: "failed", says: refusalWords(result) });
    }
    return (
        <form
            class="sheet-form"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                void prove();
            }}
        >
            <label class="lab" for="posted">
                {t("person.found.posted")}
            </label>
            <input
                class="field"
                id="posted"
                type="url"
                autocapitalize="none"
                autocomplete="off"
                spellcheck={false}
                placeholder="https://"
                aria-invalid={going.kind === "failed"}
                aria-describedby="posted-says"
                value={typed}
                onInput={(event) => {
                    type(event.currentTarget.value);
                    go({ kind: "rest" });
                }}
            />
            <div id="posted-says" role="status">
                {going.kind === "rest" && (
                    <p class="small">
                        {t(row.own.claim === "made" ? "person.found.says" : "person.found.claims", {
                            name: card.name,
                        })}
                    </p>
                )}
                {going.kind === "busy" && <p class="small">{t("person.found.busy")}</p>}
                {going.kind === "shown" && (
                    <p class="st">
                        <Icon name="check" />
                        {t("person.found.shown", { account })}
                    </p>
                )}
                {going.kind === "failed" && (
                    <p class="hint">
                        <Icon name="warn" />
                        <span>{going.says}</span>
                    </p>
                )}
            </div>
            <button class="btn" type="submit" disabled={going.kind === "busy"}>
                {t("person.found.confirm")}
            </button>
        </form>
    );
}

export function Found(props: FoundProps) {
    const { page, row, card, onCode } = props;
    const [account, choose] = useState("");
    const [failed, fail] = useState(false);
    useEffect(() => {
        let current = true;
        fail(false);
        if (account === "") {
            onCode(null);
        } else {
            codeFor(props, account).then(
                (code) => current && onCode(code),
                () => current && fail(true),
            );
        }
        return () => {
            current = false;
        };
    }, [account]);
    return (
        <section class="found">
            <AccountChoice
                legend={t("person.found")}
                accounts={openAccounts(card.accounts)}
                none={t("person.found.none")}
                value={account}
                onChange={choose}
            />
            {failed && <p role="status">{t("person.device.unloaded")}</p>}
            {account !== "" && !failed && (
                <>
                    <p class="small">{t("person.found.code", { account })}</p>
                    <Posted key={account} {...props} account={account} />
                </>
            )}
            <button
                class="btn btn-text"
                type="button"
                onClick={() => (page.sheet.value = { kind: "post", salt: row.own.salt })}
            >
                {t("person.post.title")}
            </button>
        </section>
    );
}
