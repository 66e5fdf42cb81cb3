/* The cards. Their order stands still until a tap lets it move; who is gone leaves a sentence in the same
 * place. */

import { useEffect, useRef } from "preact/hooks";
import type { FollowHome } from "../../core/follow";
import type { Person } from "../../core/take_home";
import { language, t, tn } from "../../core/words";
import { CardView } from "../../parts/card";
import { Icon } from "../../parts/icon";
import { pure } from "../../parts/pure";
import { Follow, FollowingFrom } from "./follow";
import type { PeoplePage } from "./page";

function Search({ page }: { page: PeoplePage }) {
    const hits = page.hits.value;
    return (
        <form class="search" role="search" onSubmit={(event) => event.preventDefault()}>
            <label class="vh" for="search">
                {t("people.search")}
            </label>
            <Icon name="search" />
            <input
                class="field"
                id="search"
                type="search"
                autocomplete="off"
                spellcheck={false}
                placeholder={t("people.search")}
                value={page.query.value}
                onInput={(event) => page.search(event.currentTarget.value)}
            />
            <p class="small" role="status">
                {hits !== null &&
                    (hits.length === 0 ? t("people.found.none") : tn("people.found", hits.length))}
            </p>
        </form>
    );
}

interface EntryProps {
    readonly page: PeoplePage;
    readonly person: Person;
    readonly home: FollowHome | null;
    readonly ticked: boolean;
    readonly here: boolean; /* a link leads to it */
    readonly hidden: boolean; /* the search does not find it */
    readonly language: string;
}

const Entry = pure(({ page, person, home, ticked, here, hidden }: EntryProps) => {
    const { card, asked } = person;
    const place = useRef<HTMLLIElement>(null);
    useEffect(() => {
        if (here) {
            place.current?.scrollIntoView({ block: "start" });
            place.current?.focus({ preventScroll: true });
        }
    }, [here]);
    return (
        <li
            class="card"
            id={card.tag}
            ref={place}
            hidden={hidden}
            tabIndex={here ? -1 : undefined}
            data-here={here ? "" : undefined}
        >
            <CardView
                card={card}
                slug={page.slug}
                questions={new Map(asked.map((question) => [question.n, question]))}
                beside={(account, at) => (
                    <Follow page={page} account={account} first={at === 0} home={home} />
                )}
            >
                <label class="tick">
                    <input
                        type="checkbox"
                        checked={ticked}
                        aria-label={t("people.tick.of", { name: card.name })}
                        onChange={(event) => page.tick(card.tag, event.currentTarget.checked)}
                    />
                    <span aria-hidden="true">{t("people.tick")}</span>
                </label>
            </CardView>
        </li>
    );
});

export function List({ page }: { page: PeoplePage }) {
    const people = page.people.value;
    const fresh = page.fresh.value;
    const hits = page.hits.value;
    const wanted = page.wanted.value;
    const found = hits && new Set(hits.map(({ card }) => card.tag));
    return (
        <>
            <div class="sect line">
                <h2>{tn("people.cards", people.size)}</h2>
                <FollowingFrom page={page} />
            </div>
            <Search page={page} />
            {wanted !== null && !people.has(wanted) && (
                <p class="st" role="status">
                    <Icon name="warn" />
                    {t("people.gone.link")}
                </p>
            )}
            <div role="status">
                {hits === null && fresh > 0 && (
                    <button class="fresh" type="button" onClick={() => page.refresh()}>
                        {tn("people.fresh", fresh)}
                    </button>
                )}
            </div>
            <ul class="cards">
                {page.shown.value.map((tag) => {
                    const person = people.get(tag);
                    return person === undefined ? (
                        <li key={tag} class="card small" hidden={found !== null}>
                            <p>{t("people.gone")}</p>
                        </li>
                    ) : (
                        <Entry
                            key={tag}
                            page={page}
                            person={person}
                            home={page.home.value}
                            ticked={page.ticks.value.has(tag)}
                            here={wanted === tag}
                            hidden={found?.has(tag) === false}
                            language={language.value}
                        />
                    );
                })}
            </ul>
            <p class="small">{t("people.tick.says")}</p>
        </>
    );
}
