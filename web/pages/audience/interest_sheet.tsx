/* "This interests me too": for one question, those who joined see each other. From three people on, and nobody else. */

import { effect, useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Scope } from "../../core/card";
import { circleAfter, circleGrew, type Circle } from "../../core/circle";
import type { OwnCard, Person } from "../../core/person";
import { refusalWords, t } from "../../core/words";
import { CardView } from "../../parts/card";
import { Icon } from "../../parts/icon";
import { Panel } from "../../parts/panel";
import { CardForm } from "./card_form";
import { CardLine } from "./claim_sheet";
import type { AudiencePage } from "./page";
import type { SheetProps } from "./sheets";

function useInterest(page: AudiencePage, person: Person, n: number) {
    const circle = useSignal<Circle | null>(null);
    const [busy, setBusy] = useState(false);
    const [says, say] = useState("");
    useEffect(() => {
        const { state, status } = page.connection;
        let was = state.model.peek();
        return effect(() => {
            const is = state.model.value;
            const live = status.value === "live"; /* else nobody tells who leaves */
            const known = circle.peek();
            const told = !live || page.connection.people.peek(); /* a first list of cards may be older */
            if (told && known !== null && was !== null && is !== null) {
                circle.value = live ? circleAfter(known, n, was, is) : null;
                if (circle.peek() === null || circleGrew(known, n, was, is)) {
                    say(t("person.interest.changed"));
                }
            }
            was = is;
        });
    }, []);
    async function wish(scope: Scope): Promise<boolean> {
        setBusy(true);
        const result = await person.interest(n, scope);
        setBusy(false);
        circle.value = result.ok && scope !== 0 ? result : null;
        const done = scope === 0 ? "person.interest.left" : "person.interest.joined";
        say(result.ok ? t(done) : t("person.refused", { why: refusalWords(result) }));
        return result.ok;
    }
    return { circle: circle.value, busy, says, wish };
}

function ScopeChoice({ scope, onChoose }: { scope: Scope; onChoose: (scope: Scope) => void }) {
    return (
        <fieldset class="sheet-choice">
            <legend class="lab">{t("person.interest.scope")}</legend>
            {([1, 2] as const).map((each) => (
                <label key={each}>
                    <input
                        type="radio"
                        name="scope"
                        checked={each === scope}
                        onChange={() => onChoose(each)}
                    />
                    <span>{t(`person.interest.scope.${each}`)}</span>
                </label>
            ))}
        </fieldset>
    );
}

function Others({ page, circle }: { page: AudiencePage; circle: Circle }) {
    const { count, cards } = circle;
    const unseen = count > cards.length + 1;
    return (
        <>
            <p>{count === 0 ? t("person.interest.few") : t("person.interest.count", { n: count })}</p>
            <div class="circle">
                {cards.map((card) => (
                    <article key={card.tag} class="card">
                        <CardView card={card} slug={page.slug} />
                    </article>
                ))}
            </div>
            {count > 0 && unseen && <p class="small">{t("person.interest.unseen")}</p>}
        </>
    );
}

interface JoinProps {
    readonly page: AudiencePage;
    readonly person: Person;
    readonly card: OwnCard;
    readonly n: number;
}

function Join({ page, person, card, n }: JoinProps) {
    const there = person.interests.value.get(n) ?? 0;
    const [scope, show] = useState<Scope>(there === 0 ? 1 : there);
    const [changing, change] = useState(false);
    const { circle, busy, says, wish } = useInterest(page, person, n);
    async function choose(wanted: Scope): Promise<void> {
        show(wanted);
        if (there !== 0 && !(await wish(wanted))) {
            show(there);
        }
    }
    if (changing) {
        return <CardForm person={person} label="person.claim.made_on" onSaved={() => change(false)} />;
    }
    return (
        <>
            <h3>{t("person.interest.card")}</h3>
            <CardLine card={card} onChange={() => change(true)} />
            <ScopeChoice scope={scope} onChoose={(wanted) => void choose(wanted)} />
            <div class="btns">
                {there === 0 ? (
                    <button class="btn btn-act" type="button" disabled={busy} onClick={() => void wish(scope)}>
                        {t("person.interest.join")}
                    </button>
                ) : (
                    <>
                        <button class="btn" type="button" disabled={busy} onClick={() => void wish(scope)}>
                            <Icon name="turn" />
                            {t("person.interest.again")}
                        </button>
                        <button class="btn" type="button" disabled={busy} onClick={() => void wish(0)}>
                            {t("person.interest.leave")}
                        </button>
                    </>
                )}
            </div>
            {there !== 0 && <p class="small">{t("person.interest.again.says")}</p>}
            <p class="small" role="status">
                {busy ? t("person.interest.busy") : says}
            </p>
            {circle !== null && there !== 0 && <Others page={page} circle={circle} />}
        </>
    );
}

export function InterestSheet({ page, model, sheet }: SheetProps<"interest">) {
    const { person } = page;
    useEffect(() => page.connection.showPeople(), []);
    if (person === null) {
        return null;
    }
    const card = person.card.value;
    return (
        <Panel title={t("person.interest")} onClose={() => (page.sheet.value = null)}>
            <blockquote class="voice">
                <p dir="auto" data-clamp>
                    {model.questions.get(sheet.n)?.text}
                </p>
            </blockquote>
            <p>{t("person.interest.says")}</p>
            <p class="small">
                {t("person.interest.asker")} {t("person.interest.crowd")}
            </p>
            <div class="claim">
                {card === null ? (
                    <>
                        <p>{t("person.interest.make")}</p>
                        <CardForm person={person} label="person.claim.made_on" onSaved={() => undefined} />
                    </>
                ) : (
                    <Join page={page} person={person} card={card} n={sheet.n} />
                )}
            </div>
        </Panel>
    );
}
