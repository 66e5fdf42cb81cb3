/* The list, standing still: order switch, now, new ones, own ones, the rest, the answered, the ledger. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { taskOf } from "../../core/own";
import type { Order } from "../../core/protocol";
import { questionsOfState, type Model } from "../../core/state";
import { language, t, tn } from "../../core/words";
import { Figure, Icon } from "../../parts/icon";
import { DoneActs, OwnActs, ownMark, OwnQuestion, ownSays } from "./own";
import type { AudiencePage, OwnRow } from "./page";
import { AnsweredRow, LeftRow, ListedRow, NowRow, rowProps } from "./row";
import { answeringNow, ledgerOf, type Shown } from "./shown";

const ORDERS: readonly Order[] = ["fair", "top", "new"];
const GLIDE_MS = 240;

function OrderSwitch({ page }: { page: AudiencePage }) {
    const order = page.order.value;
    return (
        <fieldset class="seg">
            <legend class="vh">{t("audience.order")}</legend>
            {ORDERS.map((each) => (
                <label key={each}>
                    {/* onClick, not onChange: it comes with the arrow keys too, and a tap on the chosen one sorts again */}
                    <input
                        type="radio"
                        name="order"
                        value={each}
                        checked={order === each}
                        onClick={() => page.refresh(each)}
                    />
                    {t(`audience.order.${each}`)}
                </label>
            ))}
        </fieldset>
    );
}

function ListHead({ page, count }: { page: AudiencePage; count: number }) {
    return (
        <>
            <div class="listhead">
                <h2>{tn("audience.questions", count)}</h2>
                <OrderSwitch page={page} />
            </div>
            <div class="why">
                <p>{t(`audience.why.${page.order.value}`)}</p>
                {page.reordered.value && (
                    <button class="btn btn-text" type="button" onClick={() => page.refresh()}>
                        <Icon name="turn" />
                        {t("audience.reorder")}
                    </button>
                )}
            </div>
        </>
    );
}

function Strips({ page }: { page: AudiencePage }) {
    const fresh = page.fresh.value;
    const talk = page.waitingTalk.value;
    return (
        <div class="strips">
            {talk !== undefined ? (
                <button class="fresh" type="button" onClick={() => page.pickTalk(null)}>
                    <Icon name="out" />
                    {t("audience.talk_now", { title: talk.title })}
                </button>
            ) : (
                fresh > 0 && (
                    <button class="fresh" type="button" onClick={() => page.refresh()}>
                        <Icon name="up" />
                        {tn("audience.fresh", fresh)}
                    </button>
                )
            )}
        </div>
    );
}

/* After a tap that reorders, rows glide from where they were. Nobody moves otherwise. */
function useGlide(page: AudiencePage) {
    const list = useRef<HTMLOListElement>(null);
    const before = page.placesBefore.value;
    useLayoutEffect(() => {
        if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
            return;
        }
        for (const row of list.current?.children ?? []) {
            const from = before.get(row.id);
            const by = from === undefined ? 0 : from - (row as HTMLElement).offsetTop;
            if (by !== 0 && Math.abs(by) < innerHeight * 2) {
                row.animate(
                    { transform: [`translateY(${by}px)`, "none"] },
                    { duration: GLIDE_MS, easing: "cubic-bezier(.2, .7, .2, 1)" },
                );
            }
        }
    }, [before]);
    return list;
}

interface ItemProps {
    readonly page: AudiencePage;
    readonly model: Model;
    readonly n: number;
    readonly own: OwnRow | undefined;
    readonly first: boolean; /* the next of one's own to be sent */
}

function Item({ page, model, n, own, first }: ItemProps) {
    const question = model.questions.get(n);
    if (own !== undefined && question?.text == null) {
        return <OwnQuestion page={page} row={own} first={first} />;
    }
    if (question?.state !== "listed") {
        return (
            <li class="q">
                <LeftRow question={question} n={n} slug={page.slug} />
            </li>
        );
    }
    const live = page.connection.status.value === "live";
    const says = own === undefined ? null : ownSays(own, live, first);
    return (
        <li class={own === undefined ? "q" : "q q-own"} id={`q${n}`}>
            <ListedRow {...rowProps(page, model, question, says)} />
            {own !== undefined && <OwnActs page={page} row={own} />}
        </li>
    );
}

/* Own ones without a place in the list stand before it. */
function Rows({ page, model, shown }: { page: AudiencePage; model: Model; shown: Shown }) {
    const list = useGlide(page);
    const placed = new Set(shown.numbers);
    const own = page.ownRows.value;
    const before = own.filter(
        ({ question }) =>
            question === undefined ||
            (!placed.has(question.n) && question.state !== "answering" && question.state !== "answered"),
    );
    const first = [...own].reverse().find((row) => taskOf(row.own) !== null);
    const ownByNumber = new Map(
        own.flatMap((row) => (row.question === undefined ? [] : [[row.question.n, row] as const])),
    );
    return (
        <ol ref={list} lang={model.event.language}>
            {before.map((row) =>
                row.question === undefined ? (
                    <OwnQuestion key={row.own.salt} page={page} row={row} first={row === first} />
                ) : (
                    <Item
                        key={row.own.salt}
                        page={page}
                        model={model}
                        n={row.question.n}
                        own={row}
                        first={row === first}
                    />
                ),
            )}
            {shown.numbers.map((n) => {
                const row = ownByNumber.get(n);
                return <Item key={n} page={page} model={model} n={n} own={row} first={row === first} />;
            })}
        </ol>
    );
}

function Empty({ page, any }: { page: AudiencePage; any: boolean }) {
    const open = page.talk.value?.open === true && !page.over.value;
    return (
        <div class="says">
            <Figure kind="empty" />
            <h2>{t(any ? "audience.all_answered" : "audience.empty")}</h2>
            {!any && <p>{t("audience.empty.says")}</p>}
            {open && (
                <button class="btn btn-act" type="button" onClick={() => page.openAsk(null)}>
                    {t("audience.ask")}
                </button>
            )}
        </div>
    );
}

function doneActs(page: AudiencePage, n: number) {
    const row = page.ownRows.value.find(({ question }) => question?.n === n);
    return row && <DoneActs page={page} row={row} />;
}

function Answered({ page, model, talk }: { page: AudiencePage; model: Model; talk: number }) {
    const done = questionsOfState(model, talk, "answered");
    if (done.length === 0) {
        return null;
    }
    return (
        <section class="done" aria-labelledby="answered">
            <h2 id="answered">{tn("audience.answered", done.length)}</h2>
            <ol lang={model.event.language}>
                {done.map((question) => (
                    <AnsweredRow
                        key={question.n}
                        page={page}
                        question={question}
                        own={ownMark(page.ownNumbers.value.get(question.n))}
                        accounts={model.accounts}
                        tag={model.event.hashtags[0] ?? ""}
                        interested={page.person?.interests.value.has(question.n) === true}
                        acts={doneActs(page, question.n)}
                        language={language.value}
                    />
                ))}
            </ol>
        </section>
    );
}

function Ledger({ page, model, talk }: { page: AudiencePage; model: Model; talk: number }) {
    const { received, shown, declined, pending, hidden } = ledgerOf(model, talk);
    const counted = (["declined", "hidden", "pending"] as const)
        .map((what) => ({ what, n: { declined: declined.length, hidden, pending }[what] }))
        .filter(({ n }) => n > 0);
    const parts = [
        t("audience.ledger.received", { n: received }),
        t("audience.ledger.shown", { n: shown }),
        ...counted.map(({ what, n }) => t(`audience.ledger.${what}`, { n })),
    ];
    return (
        <footer class="ledger">
            {received > 0 && <p class="num">{parts.join(", ")}.</p>}
            {declined.length > 0 && (
                <details>
                    <summary>{t("audience.ledger.why")}</summary>
                    <ul>
                        {declined.map((question) => (
                            <li key={question.n}>
                                {t("audience.ledger.reason", {
                                    n: String(question.n),
                                    reason: t(`audience.reason.${question.reason ?? "other"}`),
                                })}
                            </li>
                        ))}
                    </ul>
                </details>
            )}
            <p>
                <button class="btn btn-text" type="button" onClick={() => (page.menu.value = "stored")}>
                    {t("audience.stored")}
                </button>
            </p>
        </footer>
    );
}

export function List({ page, model }: { page: AudiencePage; model: Model }) {
    const shown = page.shown.value;
    if (shown === null) {
        return null;
    }
    const now = answeringNow(model, shown.talk);
    const listed = questionsOfState(model, shown.talk, "listed").length;
    const nothing = shown.numbers.length === 0 && now === undefined && page.ownRows.value.length === 0;
    return (
        <>
            <ListHead page={page} count={listed + (now === undefined ? 0 : 1)} />
            <div class="now-place">
                {now !== undefined && (
                    <NowRow
                        {...rowProps(page, model, now, ownMark(page.ownNumbers.value.get(now.n)))}
                        acts={doneActs(page, now.n)}
                    />
                )}
            </div>
            <Strips page={page} />
            {nothing ? (
                <Empty page={page} any={questionsOfState(model, shown.talk, "answered").length > 0} />
            ) : (
                <Rows page={page} model={model} shown={shown} />
            )}
            <Answered page={page} model={model} talk={shown.talk} />
            <Ledger page={page} model={model} talk={shown.talk} />
        </>
    );
}
