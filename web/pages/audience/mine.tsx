/* One's own questions in all talks, the newest first: what became of each, and whether a name stands under
 * it. */

import { questionAddress } from "../../core/address";
import { questionOf, type Own } from "../../core/own";
import type { Question } from "../../core/protocol";
import type { Model } from "../../core/state";
import { clockTime, refusalWords, t } from "../../core/words";
import { Panel } from "../../parts/panel";
import { needsTicket } from "./own";
import type { AudiencePage, OwnRow } from "./page";
import type { SheetProps } from "./sheets";

const SHEET_GONE_MS = 100; /* the page is back at its place */

/* One without a number is the newest. */
const numberOf = ({ question }: OwnRow): number => question?.n ?? Number.MAX_SAFE_INTEGER;

export function allOwn(page: AudiencePage, model: Model): readonly OwnRow[] {
    const own = page.outbox?.own.value ?? [];
    return own
        .map((each) => ({ own: each, question: questionOf(each, model.questions.values()) }))
        .sort((a, b) => b.own.minute - a.own.minute || numberOf(b) - numberOf(a));
}

function sentState(question: Question | undefined): string {
    if (question === undefined) {
        return t("person.mine.sent");
    }
    return question.state === "declined"
        ? t("person.mine.declined", { reason: t(`audience.reason.${question.reason ?? "other"}`) })
        : t(`person.mine.${question.state}`);
}

function stateOf({ own, question }: OwnRow): string {
    if (own.leaving) {
        return t("person.mine.leaving");
    }
    switch (own.stage) {
        case "waiting":
            return t(needsTicket(own) ? "person.mine.ticket" : "person.mine.waiting");
        case "refused":
            return t("person.mine.refused", {
                why: refusalWords({ code: own.refusal ?? "", message: own.refusal ?? "" }),
            });
        case "sent":
            return sentState(question);
    }
}

function claimOf(own: Own, question: Question | undefined): string {
    const name = question?.card?.name;
    if (needsTicket(own) && (own.claim === "wanted" || own.claim === "leaving")) {
        return t("audience.claim.ticket");
    }
    switch (own.claim) {
        case "none":
            return t("person.mine.anonymous");
        case "wanted":
            return t("person.mine.claim.wanted");
        case "leaving":
            return t("person.mine.claim.leaving");
        case "made":
            return name === undefined
                ? t("audience.claim.off")
                : t("person.mine.claim.made", { name });
    }
}

/* To its place in the list, where everything can be done with it. */
function show(page: AudiencePage, { own, question }: OwnRow): void {
    page.sheet.value = null;
    page.pickTalk(own.talk);
    setTimeout(() => {
        const row = question && document.getElementById(`q${question.n}`);
        (row ?? document.querySelector(".q-own"))?.scrollIntoView({ block: "center" });
    }, SHEET_GONE_MS);
}

function Row({ page, row, talk }: { page: AudiencePage; row: OwnRow; talk: string | undefined }) {
    const { own, question } = row;
    const number = question === undefined ? null : `#${question.n}`;
    const time = clockTime(question?.text == null ? own.minute : question.minute);
    return (
        <li>
            <p class="voice" dir="auto" data-clamp>
                {own.edit?.text ?? question?.text ?? own.text}
            </p>
            <p class="small">
                {talk !== undefined && `${talk}, `}
                {number !== null && question?.text != null ? (
                    <a class="num" href={questionAddress(page.slug, question.n)}>
                        {number}, {time}
                    </a>
                ) : (
                    <span class="num">{number === null ? time : `${number}, ${time}`}</span>
                )}
            </p>
            <p class="mine-state">{stateOf(row)}</p>
            <p class="small">
                <bdi>{claimOf(own, question)}</bdi>
            </p>
            <button
                class="btn btn-text"
                type="button"
                aria-label={t("person.mine.show_of", { text: own.text.slice(0, 60) })}
                onClick={() => show(page, row)}
            >
                {t("person.mine.show")}
            </button>
        </li>
    );
}

export function MineSheet({ page, model }: SheetProps<"mine">) {
    const rows = allOwn(page, model);
    const several = model.talks.length > 1;
    return (
        <Panel title={t("audience.mine")} onClose={() => (page.sheet.value = null)}>
            <p class="small">{t(rows.length === 0 ? "person.mine.none" : "person.mine.says")}</p>
            <ol class="mine" lang={model.event.language}>
                {rows.map((row) => (
                    <Row
                        key={row.own.salt}
                        page={page}
                        row={row}
                        talk={several ? model.talks.find(({ id }) => id === row.own.talk)?.title : undefined}
                    />
                ))}
            </ol>
            <button
                class="btn"
                type="button"
                onClick={() => (page.sheet.value = { kind: "device", seed: null })}
            >
                {t("audience.menu.device")}
            </button>
        </Panel>
    );
}
