/* Who is shown by a card: their page, and public lists of those who agreed to stand on them. */

import { useState } from "preact/hooks";
import { peopleAddress } from "../../core/address";
import type { Account } from "../../core/protocol";
import type { Model } from "../../core/state";
import { t, tn } from "../../core/words";
import { Icon } from "../../parts/icon";
import { failure } from "./links";
import type { Session } from "./session";

export function People({ session, model }: { session: Session; model: Model }) {
    const accounts = model.accounts.filter(
        ({ network, state }) => network === "bluesky" && state === "connected",
    );
    return (
        <section class="sect" aria-labelledby="h-people">
            <h2 id="h-people">{t("organiser.people")}</h2>
            <p>{t("organiser.people.says")}</p>
            <p>
                <a class="btn" href={peopleAddress(model.event.slug)}>
                    {t("parts.people")}
                </a>
            </p>
            <div class="home">
                <h3>{t("organiser.home")}</h3>
                <p>{t("organiser.home.says")}</p>
                {accounts.length === 0 && <p class="small">{t("organiser.home.no_account")}</p>}
                <ul>
                    {accounts.map((account) => (
                        <TakeHome key={account.id} session={session} account={account} />
                    ))}
                </ul>
            </div>
        </section>
    );
}

type Made =
    | { readonly kind: "rest" | "busy" }
    | { readonly kind: "failed"; readonly says: string }
    | { readonly kind: "done"; readonly lists: readonly string[] };

const addresses = (value: unknown): string[] =>
    Array.isArray(value)
        ? value.filter((each): each is string => typeof each === "string" && /^https?:\/\//.test(each))
        : [];

function TakeHome({ session, account }: { session: Session; account: Account }) {
    const [made, setMade] = useState<Made>({ kind: "rest" });

    async function make() {
        if (made.kind === "busy") {
            return;
        }
        setMade({ kind: "busy" });
        const result = await session.post("take_home", { account: account.id });
        if (result.ok) {
            setMade({ kind: "done", lists: addresses(result.value["lists"]) });
        } else {
            const says = result.code === "refused" ? t("organiser.home.refused") : failure(result);
            setMade({ kind: "failed", says });
        }
    }
    return (
        <li>
            <p class="home-name">{account.name}</p>
            <button
                class="btn"
                type="button"
                aria-disabled={made.kind === "busy"}
                onClick={() => void make()}
            >
                {t("organiser.home.make")}
                <span class="vh">: {account.name}</span>
            </button>
            <div class="st" role="status">
                {made.kind === "busy" && t("organiser.home.busy")}
                {made.kind === "failed" && (
                    <>
                        <Icon name="warn" />
                        <span>{made.says}</span>
                    </>
                )}
                {made.kind === "done" && (
                    <>
                        <Icon name="check" />
                        <Lists lists={made.lists} />
                    </>
                )}
            </div>
        </li>
    );
}

function Lists({ lists }: { lists: readonly string[] }) {
    if (lists.length === 0) {
        return <span>{t("organiser.home.none")}</span>;
    }
    return (
        <span class="home-lists">
            {tn("organiser.home.done", lists.length)}{" "}
            {lists.map((list, at) => (
                <a key={list} href={list} target="_blank" rel="noopener noreferrer">
                    {t("organiser.home.list", { n: at + 1 })}
                </a>
            ))}
        </span>
    );
}
