/* The people behind the desk: all cards that are shown, also those that were taken away. By name, so that nothing
   moves. */

import { useComputed } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Card } from "../../core/people";
import { t, tn } from "../../core/words";
import { CardView } from "../../parts/card";
import { Choice } from "../../parts/choice";
import { Icon } from "../../parts/icon";
import { cardsFound, WHICH_CARDS, type WhichCards } from "./cards";
import type { ModeratorDesk } from "./desk";

export function People({ desk, slug }: { desk: ModeratorDesk; slug: string }) {
    const { connection } = desk;
    const [which, setWhich] = useState<WhichCards>("all");
    const [search, setSearch] = useState(desk.person.peek() ?? "");
    const cards = useComputed(() => connection.state.model.value?.cards).value;
    useEffect(() => connection.showPeople(), []);
    if (cards === undefined || !connection.people.value) {
        return <p role="status">{t("parts.loading")}</p>;
    }
    const found = cardsFound(cards, which, search);
    return (
        <section class="people">
            <p>{t("moderator.people.says")}</p>
            {cards.size > 0 && (
                <>
                    <input
                        class="field"
                        type="search"
                        aria-label={t("moderator.people.search")}
                        placeholder={t("moderator.people.search")}
                        value={search}
                        onInput={(event) => setSearch(event.currentTarget.value)}
                    />
                    <Choice
                        label={t("moderator.people.which")}
                        options={WHICH_CARDS.map((value) => ({
                            value,
                            text: t(`moderator.people.${value}`),
                        }))}
                        value={which}
                        onChange={setWhich}
                    />
                </>
            )}
            <p class="small num" role="status">
                {cards.size === 0
                    ? t("moderator.people.none")
                    : found.length === 0
                      ? t("moderator.people.none_found")
                      : tn("moderator.people.found", found.length)}
            </p>
            <ul>
                {found.map((card) => (
                    <li class="card" key={card.key}>
                        <CardView card={card} slug={slug}>
                            <Standing desk={desk} card={card} />
                        </CardView>
                    </li>
                ))}
            </ul>
        </section>
    );
}

/* What it claims, and the one thing that can be done to it: the way back stands in the same place. */
function Standing({ desk, card }: { desk: ModeratorDesk; card: Card }) {
    const [busy, setBusy] = useState(false);

    async function toggle() {
        if (!busy) {
            setBusy(true);
            await desk.doing.hideCard(card.key, card.name, !card.hidden);
            setBusy(false);
        }
    }
    return (
        <div class="standing">
            {card.questions.length > 0 && (
                <p class="small num">
                    {t("moderator.people.asked", { numbers: card.questions.map((n) => `#${n}`).join(", ") })}
                </p>
            )}
            <p class="st" role="status">
                {card.hidden && (
                    <>
                        <Icon name="close" />
                        {t("moderator.card.is_hidden")}
                    </>
                )}
            </p>
            <button class="btn" type="button" aria-disabled={busy} onClick={() => void toggle()}>
                {t(card.hidden ? "moderator.card.show" : "moderator.card.hide")}
                <span class="vh">: {card.name}</span>
            </button>
        </div>
    );
}
