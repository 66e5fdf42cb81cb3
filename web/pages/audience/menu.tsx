/* The menu: talks, language, appearance, and what is stored about the reader. */

import { useState } from "preact/hooks";
import { currentTalk, type Model } from "../../core/state";
import { eventsInTab } from "../../core/storage";
import { t, tn } from "../../core/words";
import { AboutLinks } from "../../parts/about";
import { LanguageSwitch, ThemeSwitch } from "../../parts/choice";
import { Icon } from "../../parts/icon";
import { Panel } from "../../parts/panel";
import { showToast } from "../../parts/toast";
import type { AudiencePage, Sheet } from "./page";

function Talks({ page, model }: { page: AudiencePage; model: Model }) {
    const now = currentTalk(model)?.id;
    function pick(talk: number): void {
        page.menu.value = null;
        page.pickTalk(talk);
    }
    return (
        <section>
            <h3>{t("audience.talks")}</h3>
            <ul class="talks">
                {model.talks.map((talk) => (
                    <li key={talk.id}>
                        <button
                            class="btn btn-text"
                            type="button"
                            aria-current={talk.id === page.talk.value?.id ? "true" : undefined}
                            onClick={() => pick(talk.id)}
                        >
                            {talk.title}
                        </button>
                        <span class="small">
                            {[
                                talk.id === now && t("audience.talks.now"),
                                !talk.open && t("audience.talks.closed"),
                            ]
                                .filter(Boolean)
                                .join(", ")}
                        </span>
                    </li>
                ))}
            </ul>
        </section>
    );
}

/* What stands there by one's own choice; empty: nothing. */
function chosen(page: AudiencePage): readonly string[] {
    const card = page.person?.card.value ?? null;
    const claims = page.outbox?.own.value.filter(({ claim }) => claim !== "none").length ?? 0;
    const interests = page.person?.interests.value.size ?? 0;
    return [
        ...(card === null ? [] : [t("audience.stored.card")]),
        ...(claims === 0 ? [] : [tn("audience.stored.claims", claims)]),
        ...(interests === 0 ? [] : [tn("audience.stored.interests", interests)]),
    ];
}

function OnServer({ page }: { page: AudiencePage }) {
    const all = chosen(page);
    if (all.length === 0) {
        return <p>{t("audience.stored.server")}</p>;
    }
    return (
        <>
            <p>{t("audience.stored.chosen")}</p>
            <ul class="points">
                {all.map((each) => (
                    <li key={each}>{each}</li>
                ))}
            </ul>
            <p>{t("audience.stored.else")}</p>
        </>
    );
}

/* The key goes, the card does not. */
function CardFirst({ page }: { page: AudiencePage }) {
    const card = page.person?.card.value ?? null;
    function look(): void {
        page.menu.value = null;
        page.sheet.value = { kind: "card" };
    }
    return (
        card && (
            <>
                <p class="hint">
                    <Icon name="warn" />
                    <span>{t(card.shown ? "audience.stored.first.shown" : "audience.stored.first")}</span>
                </p>
                <button class="btn" type="button" aria-haspopup="dialog" onClick={look}>
                    {t("audience.as_me.change")}
                </button>
            </>
        )
    );
}

/* What is kept here ends with the tab, from now on, or as long as the browser has it. */
function SharedDevice({ event }: { event: string }) {
    const [on, set] = useState(eventsInTab().includes(event));
    async function turn(box: HTMLInputElement): Promise<void> {
        const wanted = box.checked;
        const done = await import("./later").then((later) => later.keepInTab(event, wanted)).catch(() => null);
        if (done) {
            set(wanted);
        } else {
            box.checked = !wanted;
            showToast({ text: t(done === null ? "audience.sheet.unloaded" : "audience.tab.other") });
        }
    }
    return (
        <div class="tick">
            <label>
                <input
                    type="checkbox"
                    checked={on}
                    aria-describedby="in-tab"
                    onChange={(change) => void turn(change.currentTarget)}
                />
                <span>{t("audience.tab")}</span>
            </label>
            <p class="small" id="in-tab">
                {t("audience.tab.says")}
            </p>
        </div>
    );
}

function Stored({ page, model }: { page: AudiencePage; model: Model }) {
    function forget(): void {
        const putBack = page.forget();
        page.menu.value = null;
        showToast({ text: t("audience.stored.forgotten"), action: { label: t("parts.undo"), run: putBack } });
    }
    return (
        <section class="stored">
            <h3>{t("audience.stored")}</h3>
            <OnServer page={page} />
            <p>
                {t("audience.stored.here", {
                    own: page.outbox?.own.value.length ?? 0,
                    votes: page.outbox?.votesGiven ?? 0,
                })}
            </p>
            <p>{t("audience.stored.limits")}</p>
            {!isSecureContext && <p>{t("audience.plain")}</p>}
            <SharedDevice event={model.event.id} />
            <CardFirst page={page} />
            <button class="btn" type="button" onClick={forget}>
                {t("audience.stored.forget")}
            </button>
        </section>
    );
}

/* What is one's own here. */
function Own({ page, model }: { page: AudiencePage; model: Model }) {
    const count = page.outbox?.own.value.length ?? 0;
    const open = (sheet: Sheet) => () => {
        page.menu.value = null;
        page.sheet.value = sheet;
    };
    return (
        <section>
            <ul class="talks">
                {count > 0 && (
                    <Entry says={t("audience.mine.count", { n: count })} onOpen={open({ kind: "mine" })} />
                )}
                {model.event.admission === "tickets" && (
                    <Entry says={t("audience.menu.ticket")} onOpen={open({ kind: "ticket" })} />
                )}
                <Entry says={t("audience.menu.card")} onOpen={open({ kind: "card" })} />
                <Entry says={t("audience.menu.device")} onOpen={open({ kind: "device", seed: null })} />
            </ul>
        </section>
    );
}

function Entry({ says, onOpen }: { says: string; onOpen: () => void }) {
    return (
        <li>
            <button class="btn btn-text" type="button" aria-haspopup="dialog" onClick={onOpen}>
                {says}
            </button>
        </li>
    );
}

export function Menu({ page, model }: { page: AudiencePage; model: Model }) {
    const open = page.menu.value;
    if (open === null) {
        return null;
    }
    return (
        <Panel title={t("audience.menu.title")} onClose={() => (page.menu.value = null)}>
            {open === "menu" && <Talks page={page} model={model} />}
            {open === "menu" && <Own page={page} model={model} />}
            {open === "menu" && (
                <section class="switches">
                    <LanguageSwitch />
                    <ThemeSwitch />
                </section>
            )}
            <Stored page={page} model={model} />
            <section>
                <AboutLinks slug={model.event.slug} />
            </section>
        </Panel>
    );
}
