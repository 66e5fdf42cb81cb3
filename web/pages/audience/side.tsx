/* What stands above the list on a phone and beside it on wide windows: event, talk, and the place to ask. */

import { eventAddress } from "../../core/address";
import type { Model } from "../../core/state";
import { clockTime, dateTime, t } from "../../core/words";
import { Hashtag } from "../../parts/hashtag";
import { Icon } from "../../parts/icon";
import { ConnectionNotice } from "../../parts/notice";
import { AskForm } from "./ask";
import type { AudiencePage } from "./page";

const MINUTES_A_DAY = 1440;

/* One's own questions, once there are any: how many, in a rhombus. */
function Mine({ page }: { page: AudiencePage }) {
    const count = page.outbox?.own.value.length ?? 0;
    if (count === 0) {
        return null;
    }
    return (
        <button
            class="btn btn-icon own-count num"
            type="button"
            aria-haspopup="dialog"
            onClick={() => (page.sheet.value = { kind: "mine" })}
        >
            <svg viewBox="0 0 48 48" aria-hidden="true">
                <path d="M24 3 45 24 24 45 3 24z" />
            </svg>
            <span aria-hidden="true">{count}</span>
            <span class="vh">{t("audience.mine.count", { n: count })}</span>
        </button>
    );
}

function Header({ page, model }: { page: AudiencePage; model: Model }) {
    return (
        <header class="top">
            <div>
                <h1>
                    <Hashtag
                        tag={model.event.hashtags[0] ?? model.event.slug}
                        href={eventAddress(page.slug)}
                    />
                </h1>
                <p class="event">{model.event.title}</p>
            </div>
            <Mine page={page} />
            <button
                class="btn btn-icon"
                type="button"
                aria-haspopup="dialog"
                aria-label={t("audience.menu")}
                onClick={() => (page.menu.value = "menu")}
            >
                <Icon name="menu" />
            </button>
        </header>
    );
}

/* An event of one talk often names both alike: then once is enough. */
function TalkHead({ page, model }: { page: AudiencePage; model: Model }) {
    const talk = page.talk.value;
    const { start, title } = model.event;
    const same = talk?.title === title;
    const begun = start <= page.minute.value;
    const time = Math.abs(page.minute.value - start) < MINUTES_A_DAY / 2 ? clockTime(start) : dateTime(start);
    return (
        <section class="talk" aria-label={t("audience.talk")}>
            <h2 class={same ? "vh" : undefined} tabIndex={-1}>
                {talk?.title}
            </h2>
            <p class="here">
                <span>{t(begun ? "audience.since" : "audience.from", { time })}</span>
                <span>
                    <Icon name="people" />
                    {model.present === 0
                        ? t("audience.present.few")
                        : t("audience.present.many", { n: model.present })}
                </span>
            </p>
        </section>
    );
}

function Closed({ page, model }: { page: AudiencePage; model: Model }) {
    if (page.over.value) {
        const deleted = model.event.end + model.event.retention * MINUTES_A_DAY;
        return (
            <div class="shut">
                <h3>{t("audience.over")}</h3>
                <p>{t("audience.over.says", { date: dateTime(deleted) })}</p>
            </div>
        );
    }
    return (
        <div class="shut">
            <h3>{t("audience.closed")}</h3>
            <p>{t("audience.closed.says")}</p>
            {model.talks.length > 1 && (
                <button class="btn" type="button" onClick={() => (page.menu.value = "menu")}>
                    {t("audience.closed.talks")}
                </button>
            )}
        </div>
    );
}

/* A gated event is read without a ticket. */
function Gate({ page }: { page: AudiencePage }) {
    return (
        <section class="shut" aria-labelledby="gate">
            <h3 id="gate">{t("audience.gate")}</h3>
            <p>{t("audience.gate.says")}</p>
            <button
                class="btn btn-act"
                type="button"
                aria-haspopup="dialog"
                onClick={() => (page.sheet.value = { kind: "ticket" })}
            >
                {t("audience.gate.enter")}
            </button>
        </section>
    );
}

/* With a ticket, but not admitted yet: what was asked leaves by itself. */
function Waiting({ page }: { page: AudiencePage }) {
    const { outbox } = page;
    const waits =
        outbox?.admission === "waiting" && outbox.own.value.some(({ stage }) => stage === "waiting");
    return (
        <div role="status">
            {waits && (
                <p class="hint">
                    <Icon name="clock" />
                    <span>{t("audience.gate.waits")}</span>
                </p>
            )}
        </div>
    );
}

function Bar({ page }: { page: AudiencePage }) {
    const open = (): void => page.openAsk(null);
    return (
        <div class="bar">
            <button class="write" type="button" tabIndex={-1} aria-hidden="true" onClick={open}>
                {page.store?.get("draft") || t("audience.ask")}
            </button>
            <button class="btn btn-act" type="button" aria-label={t("audience.ask")} onClick={open}>
                {t("audience.ask.short")}
            </button>
        </div>
    );
}

function Place({ page, model }: { page: AudiencePage; model: Model }) {
    const sheet = page.ask.value;
    const closed = page.over.value || page.talk.value?.open !== true;
    if (sheet !== null) {
        return <AskForm key={sheet.salt} page={page} model={model} sheet={sheet} />;
    }
    if (closed) {
        return <Closed page={page} model={model} />;
    }
    return page.outbox?.admission === "closed" ? <Gate page={page} /> : <Bar page={page} />;
}

export function Side({ page, model }: { page: AudiencePage; model: Model }) {
    return (
        <div class="side">
            <Header page={page} model={model} />
            <TalkHead page={page} model={model} />
            {!isSecureContext && (
                <div class="notes">
                    <p class="hint">
                        <Icon name="warn" />
                        <span>{t("audience.plain")}</span>
                    </p>
                </div>
            )}
            <div class="dock">
                <ConnectionNotice connection={page.connection} />
                {model.event.admission === "tickets" && <Waiting page={page} />}
                <Place page={page} model={model} />
            </div>
        </div>
    );
}
