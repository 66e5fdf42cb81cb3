/* How one's own card shows whose its accounts and its web page are: by logging in there, or by a link back. */

import { useState } from "preact/hooks";
import { networkOf } from "../../core/account";
import { atHome, cardPage } from "../../core/address";
import { postCommand } from "../../core/command";
import type { OwnCard, Person } from "../../core/person";
import type { Model } from "../../core/state";
import { refusalWords, t } from "../../core/words";
import { MarkWord } from "../../parts/asker";
import { CopyButton } from "../../parts/copy";
import { Icon } from "../../parts/icon";
import { useLeave } from "./leave";
import { Elsewhere } from "./post_sheet";

interface ProofProps {
    readonly person: Person;
    readonly model: Model;
    readonly card: OwnCard;
    readonly account: string; /* "": the web page */
}

/* X offers no way that would cost nothing. */
function provable(account: string): boolean {
    return account === "" || networkOf(account) !== "other";
}

/* Bluesky's profiles are pages of its app: they say nothing that only the account's owner can say. */
function linking(account: string): boolean {
    return account === "" || networkOf(account) === "fediverse";
}

function Trouble({ says }: { says: string }) {
    return (
        <p class="hint">
            <Icon name="warn" />
            <span>{says}</span>
        </p>
    );
}

/* The server looks at what the profile, or the page, links to. */
function LinkBack({ person, model, card, account }: ProofProps) {
    const [state, setState] = useState<"rest" | "looking" | "found" | "missing">("rest");
    const [why, setWhy] = useState("");
    const { slug } = model.event;
    const tag = person.ownTag.value ?? "";
    async function look(): Promise<void> {
        setState("looking");
        const members = { card: card.key, account, kind: "link" } as const;
        const result = await postCommand(slug, person.store.get("member"), "prove", members);
        setState(result.ok ? "found" : "missing");
        setWhy(result.ok ? "" : result.code === "bad_code" ? t("person.proof.missing") : refusalWords(result));
    }
    return (
        <div class="link-back">
            <p>{t(account === "" ? "person.proof.link.web" : "person.proof.link.says")}</p>
            <p class="addr">{cardPage(model.url, slug, tag)}</p>
            <div class="btns">
                <CopyButton text={cardPage(model.url, slug, tag)} label={t("person.proof.address")} />
                <button class="btn" type="button" disabled={state === "looking"} onClick={() => void look()}>
                    <Icon name="search" />
                    {t("person.proof.look")}
                </button>
            </div>
            <div role="status">
                {state === "looking" && <p class="small">{t("person.proof.looking")}</p>}
                {state === "found" && (
                    <p class="st">
                        <Icon name="check" />
                        {t("person.proof.found")}
                    </p>
                )}
                {state === "missing" && <Trouble says={why} />}
            </div>
        </div>
    );
}

function Proof(props: ProofProps) {
    const { person, model, card, account } = props;
    const [open, setOpen] = useState(false);
    const { busy, failure, leave } = useLeave(model.event, person.store);
    const mark = person.marks.value.get(account) ?? null;
    const name = account === "" ? card.web : `@${account}`;
    const wish = { card: card.key, account, purpose: "prove", n: null } as const;
    return (
        <li>
            <p class="h">
                <bdi>{name}</bdi>
            </p>
            <MarkWord mark={mark} />
            {provable(account) ? (
                <div class="q-acts">
                    {account !== "" && atHome(model.url) && (
                        <button
                            class="btn btn-text"
                            type="button"
                            aria-label={`${t("person.proof.login")}: ${name}`}
                            disabled={busy}
                            onClick={() => void leave(wish)}
                        >
                            <Icon name="out" />
                            {t("person.proof.login")}
                        </button>
                    )}
                    {linking(account) && (
                        <button
                            class="btn btn-text"
                            type="button"
                            aria-expanded={open}
                            aria-label={`${t("person.proof.link")}: ${name}`}
                            onClick={() => setOpen(!open)}
                        >
                            <Icon name="turn" />
                            {t("person.proof.link")}
                        </button>
                    )}
                </div>
            ) : (
                <p class="small">{t("person.proof.none")}</p>
            )}
            <div role="status">
                {busy && <p class="small">{t("person.post.busy")}</p>}
                {failure !== null && <Trouble says={refusalWords(failure)} />}
            </div>
            {open && <LinkBack {...props} />}
        </li>
    );
}

export function Proofs({ person, model, card }: Omit<ProofProps, "account">) {
    const accounts = [...card.accounts, ...(card.web === "" ? [] : [""])];
    if (accounts.length === 0) {
        return null;
    }
    return (
        <section>
            <h3>{t("person.proof")}</h3>
            <p>
                {t("person.proof.says")} {t("person.proof.login.says")}
            </p>
            {!atHome(model.url) && <Elsewhere url={model.url} />}
            <ul class="proofs">
                {accounts.map((account) => (
                    <Proof key={account} person={person} model={model} card={card} account={account} />
                ))}
            </ul>
        </section>
    );
}
