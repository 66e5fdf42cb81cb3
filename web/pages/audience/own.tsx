/* One's own question while it has no place in the list: what became of it, in a sentence, and what can
 * still be done. Known to this browser alone. */

import { degreeOf, isTemporary, type Own } from "../../core/own";
import type { Question } from "../../core/protocol";
import { refusalWords, t, type Word } from "../../core/words";
import { Letter } from "../../parts/asker";
import { Icon, Rhombus } from "../../parts/icon";
import { VoteHold } from "../../parts/vote";
import { QuestionFoot } from "./foot";
import type { AudiencePage, OwnRow } from "./page";
import { QuestionText, WrittenAnswer } from "./row";

const WITHDRAW_GRACE_MS = 8_000; /* for the way back: once it has left there is none */

/* What only a name under a question is refused with. */
const CLAIM_REFUSALS: ReadonlySet<string> = new Set(["already_claimed", "bad_time", "gone", "unknown"]);

/* What a waiting question waits for; else the server has much to do. */
const WAITS: Readonly<Record<string, Word>> = {
    storage: "audience.own.storage",
    members_only: "audience.own.ticket",
};

function refused(code: string): string {
    return refusalWords({ code, message: code });
}

function declinedSays(question: Question): string {
    return t("audience.own.declined", { reason: t(`audience.reason.${question.reason ?? "other"}`) });
}

function waitingSays(own: Own, live: boolean, first: boolean): string {
    if (!live) {
        return t("audience.own.offline");
    }
    if (own.refusal !== null) {
        return t(WAITS[own.refusal] ?? "audience.own.busy");
    }
    return t(first ? "audience.own.sending" : "audience.own.spaced");
}

function sentSays(own: Own, question: Question | undefined): string {
    switch (question?.state) {
        case undefined:
            return t("audience.own.sent");
        case "pending":
            return t("audience.own.pending");
        case "declined":
            return declinedSays(question);
        case "hidden":
            return t("audience.own.hidden");
        default:
            return own.edit === null && own.turn === null ? t("audience.own") : t("audience.own.editing");
    }
}

export function ownSays({ own, question }: OwnRow, live: boolean, first: boolean): string {
    if (own.leaving) {
        return t(first || !live ? "audience.own.leaving" : "audience.own.leaving_later");
    }
    if (own.stage === "refused") {
        return t("audience.own.refused", { why: refused(own.refusal ?? "") });
    }
    if (own.stage === "waiting") {
        return waitingSays(own, live, first);
    }
    if (own.refusal === "late") {
        return t("audience.own.edit_late");
    }
    if (own.refusal !== null && CLAIM_REFUSALS.has(own.refusal)) {
        return t("audience.own.claim_refused", { why: refused(own.refusal) });
    }
    if (own.refusal !== null && !isTemporary(own.refusal)) {
        return t("audience.own.edit_refused", { why: refused(own.refusal) });
    }
    return sentSays(own, question);
}

/* What a question says of being one's own where nothing more is to be done about it; null: it is not. */
export function ownMark(own: Own | undefined): string | null {
    return own === undefined ? null : t(own.refusal === "late" ? "audience.own.edit_late" : "audience.own");
}

function mayEdit({ own, question }: OwnRow): boolean {
    return (
        !own.leaving &&
        (question === undefined || question.state === "pending" || question.state === "listed")
    );
}

export function withdraw(page: AudiencePage, own: Own): void {
    page.outbox?.withdraw(own.salt, own.tried ? WITHDRAW_GRACE_MS : 0);
    page.said.value = t("audience.withdrawn");
}

export const needsTicket = ({ refusal }: Own): boolean => refusal === "members_only";

function claimSays({ own, question }: OwnRow): string {
    const name = question?.card?.name;
    if (needsTicket(own) && (own.claim === "wanted" || own.claim === "leaving")) {
        return t("audience.claim.ticket");
    }
    if (own.claim === "none") {
        return t("audience.claim");
    }
    return own.claim === "made"
        ? name === undefined
            ? t("audience.claim.off")
            : t("audience.claim.made", { name })
        : t(`audience.claim.${own.claim}`);
}

/* "That was me": offered for what everybody sees. */
function OwnClaim({ page, row }: { page: AudiencePage; row: OwnRow }) {
    const { own, question } = row;
    if (own.claim === "none" && question?.text == null) {
        return null;
    }
    return (
        <button
            class="btn btn-text"
            type="button"
            aria-haspopup="dialog"
            onClick={() => (page.sheet.value = { kind: "claim", salt: own.salt })}
        >
            <Letter name={own.claim === "none" ? "" : (page.person?.card.value?.name ?? "")} />
            {claimSays(row)}
        </button>
    );
}

/* How far it goes, and the way out by one's own account. In every state, also when it is answered. */
function OwnReach({ page, row }: { page: AudiencePage; row: OwnRow }) {
    const { own, question } = row;
    const degree = t(`audience.degree.${degreeOf(own, question)}`);
    return (
        <>
            <button
                class="btn btn-text"
                type="button"
                aria-haspopup="dialog"
                aria-label={`${t("audience.degree")} ${degree}`}
                onClick={() => (page.reach.value = own.salt)}
            >
                <Icon name="people" />
                {degree}
            </button>
            <OwnClaim page={page} row={row} />
            {question !== undefined && question.text !== null && (
                <button
                    class="btn btn-text"
                    type="button"
                    aria-haspopup="dialog"
                    onClick={() => (page.sheet.value = { kind: "share", n: question.n })}
                >
                    <Icon name="out" />
                    {t("share.title")}
                </button>
            )}
        </>
    );
}

/* Of a question that is being answered or has been. */
export function DoneActs({ page, row }: { page: AudiencePage; row: OwnRow }) {
    return (
        <div class="q-acts">
            <OwnReach page={page} row={row} />
        </div>
    );
}

export function OwnActs({ page, row }: { page: AudiencePage; row: OwnRow }) {
    const { own } = row;
    if (own.leaving) {
        return (
            <div class="q-acts">
                <button class="btn btn-text" type="button" onClick={() => page.outbox?.stay(own.salt)}>
                    <Icon name="undo" />
                    {t("parts.undo")}
                </button>
            </div>
        );
    }
    const stuck = own.stage === "refused" || (own.stage === "waiting" && own.refusal !== null);
    return (
        <div class="q-acts">
            {stuck && (
                <button class="btn btn-text" type="button" onClick={() => page.outbox?.retry(own.salt)}>
                    <Icon name="turn" />
                    {t("audience.own.retry")}
                </button>
            )}
            {mayEdit(row) && (
                <button class="btn btn-text" type="button" onClick={() => page.openAsk(own.salt)}>
                    <Icon name="pencil" />
                    {t("audience.own.edit")}
                </button>
            )}
            <button class="btn btn-text" type="button" onClick={() => withdraw(page, own)}>
                <Icon name="undo" />
                {t(own.stage === "refused" ? "audience.own.forget" : "audience.own.withdraw")}
            </button>
            {own.stage !== "refused" && <OwnReach page={page} row={row} />}
        </div>
    );
}

/* Waiting, declined or hidden: no vote to give. */
export function OwnQuestion({ page, row, first }: { page: AudiencePage; row: OwnRow; first: boolean }) {
    const { own, question } = row;
    const live = page.connection.status.value === "live";
    const waits = own.stage === "waiting" || own.edit !== null;
    return (
        <li class="q q-own" id={question && `q${question.n}`}>
            <p class="st">
                {waits ? <Icon name="clock" /> : <Rhombus />}
                {ownSays(row, live, first)}
            </p>
            <div>
                <QuestionText text={own.edit?.text ?? question?.text ?? own.text} />
                {question !== undefined && question.text !== null && (
                    <QuestionFoot question={question} slug={page.slug} />
                )}
                <OwnActs page={page} row={row} />
            </div>
            <VoteHold />
            {question?.answer != null && <WrittenAnswer text={question.answer} />}
        </li>
    );
}
