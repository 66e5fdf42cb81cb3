/* "That was me", for one question: what will be seen and where, and the way back. */

import { useEffect, useState } from "preact/hooks";
import type { OwnCard, Person } from "../../core/person";
import { t } from "../../core/words";
import { Letter } from "../../parts/asker";
import { Icon } from "../../parts/icon";
import { Panel } from "../../parts/panel";
import { showToast } from "../../parts/toast";
import { CardForm } from "./card_form";
import { allOwn } from "./mine";
import type { AudiencePage, OwnRow } from "./page";
import type { SheetProps } from "./sheets";

interface ClaimProps {
    readonly page: AudiencePage;
    readonly row: OwnRow;
}

/* The card in short. */
export function CardLine({ card, onChange }: { card: OwnCard; onChange: () => void }) {
    return (
        <div class="card-line">
            <Letter name={card.name} />
            <div>
                <p class="h">
                    <bdi>{card.name}</bdi>
                </p>
                {card.line !== "" && (
                    <p class="voice" dir="auto">
                        {card.line}
                    </p>
                )}
                {card.accounts.map((account) => (
                    <p key={account} class="small">
                        <bdi>@{account}</bdi>
                    </p>
                ))}
            </div>
            <button class="btn btn-text" type="button" onClick={onChange}>
                {t("person.claim.change")}
            </button>
        </div>
    );
}

export function Quoted({ row: { own, question } }: { row: OwnRow }) {
    return (
        <blockquote class="voice">
            <p dir="auto" data-clamp>
                {own.edit?.text ?? question?.text ?? own.text}
            </p>
        </blockquote>
    );
}

function Offer({ page, row, card, onClaimed }: ClaimProps & { card: OwnCard; onClaimed: () => void }) {
    const [changing, change] = useState(false);
    const { person } = page;
    if (changing && person !== null) {
        return (
            <CardForm person={person} label="person.claim.made_on" published onSaved={() => change(false)} />
        );
    }
    function show(): void {
        page.outbox?.claim(row.own.salt);
        page.said.value = t("person.claim.done");
        onClaimed();
    }
    return (
        <>
            <h3>{t("person.claim.card")}</h3>
            <CardLine card={card} onChange={() => change(true)} />
            <ul class="points">
                <li>{t("person.claim.seen")}</li>
                <li>{t("person.claim.alone")}</li>
                <li>{t("person.claim.more")}</li>
                <li>{t("person.claim.back")}</li>
            </ul>
            <button class="btn btn-act" type="button" onClick={show}>
                {t("person.claim.do")}
            </button>
        </>
    );
}

/* First the card, where there is none that everybody may read. */
function Making({ person }: { person: Person }) {
    return (
        <>
            <p>{t("person.claim.make")}</p>
            <CardForm person={person} label="person.claim.made_on" published onSaved={() => undefined} />
        </>
    );
}

function standing({ own, question }: OwnRow): string {
    if (own.claim === "wanted" || own.claim === "leaving") {
        return t(`person.claim.stands.${own.claim}`);
    }
    const name = question?.card?.name;
    return name === undefined ? t("person.claim.stands.off") : t("person.claim.stands", { name });
}

function Stands({ page, row, onUnlink }: ClaimProps & { onUnlink: () => void }) {
    const posts = row.own.claim === "made" && row.question?.card != null;
    return (
        <>
            <p class="st">
                <Icon name={row.own.claim === "made" ? "check" : "clock"} />
                <span>{standing(row)}</span>
            </p>
            <p>{t("person.claim.back")}</p>
            <div class="btns">
                {row.own.claim !== "leaving" && (
                    <button class="btn" type="button" onClick={onUnlink}>
                        {t("person.claim.unlink")}
                    </button>
                )}
                {posts && (
                    <button
                        class="btn"
                        type="button"
                        onClick={() => (page.sheet.value = { kind: "post", salt: row.own.salt })}
                    >
                        <Icon name="out" />
                        {t("person.claim.post")}
                    </button>
                )}
            </div>
        </>
    );
}

/* One tap has done it. What it cannot do is said when it is done. */
function Unlinked({ done, onAgain }: { done: boolean; onAgain: () => void }) {
    return (
        <>
            <p>{t(done ? "person.claim.unlinked" : "person.claim.stands.leaving")}</p>
            <button class="btn" type="button" onClick={onAgain}>
                <Icon name="undo" />
                {t("person.claim.again")}
            </button>
        </>
    );
}

function Body({ page, row }: ClaimProps) {
    const [unlinked, setUnlinked] = useState(false);
    const { person, outbox, sheet } = page;
    const { salt, claim } = row.own;
    if (person === null) {
        return null;
    }
    if (unlinked && (claim === "none" || claim === "leaving")) {
        return <Unlinked done={claim === "none"} onAgain={() => outbox?.claim(salt)} />;
    }
    if (claim !== "none") {
        const unlink = (): void => {
            outbox?.unclaim(salt);
            setUnlinked(true);
        };
        return <Stands page={page} row={row} onUnlink={unlink} />;
    }
    const card = person.card.value;
    if (card === null || !card.shown) {
        return <Making person={person} />;
    }
    const claimed = (): void => {
        sheet.value = null;
        const action = { label: t("parts.undo"), run: () => outbox?.unclaim(salt) };
        showToast({ text: t("person.claim.done"), action });
    };
    return <Offer page={page} row={row} card={card} onClaimed={claimed} />;
}

export function ClaimSheet({ page, model, sheet }: SheetProps<"claim">) {
    useEffect(() => page.connection.showPeople(), []);
    const row = allOwn(page, model).find(({ own }) => own.salt === sheet.salt);
    return (
        <Panel title={t("person.claim")} onClose={() => (page.sheet.value = null)}>
            {row === undefined ? (
                <p>{t("person.claim.gone")}</p>
            ) : (
                <>
                    <Quoted row={row} />
                    <div class="claim" role="status">
                        <Body page={page} row={row} />
                    </div>
                </>
            )}
        </Panel>
    );
}
