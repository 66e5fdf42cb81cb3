/* "Take everybody home": files made in the browser, of all or of those who are ticked. */

import { useState } from "preact/hooks";
import { peopleAddress } from "../../core/address";
import type { Model } from "../../core/state";
import {
    followable,
    takeHomeFile,
    type Occasion,
    type Person,
    type TakeHomeFormat,
    type TakeHomeWords,
} from "../../core/take_home";
import { date, language, t, tn } from "../../core/words";
import { Choice } from "../../parts/choice";
import { saveFile } from "../../parts/file";
import { Icon } from "../../parts/icon";
import type { PeoplePage } from "./page";

function wordsOf(minute: number): TakeHomeWords {
    return {
        language: language.peek(),
        heading: t("people.over"),
        asked: t("parts.card.asked"),
        made: t("people.home.made", { date: date(minute) }),
        mark: (mark) => t(`parts.mark.${mark ?? "none"}`),
    };
}

function occasionOf({ event, url }: Model): Occasion {
    return {
        title: event.title,
        hashtag: event.hashtags[0] ?? event.title,
        slug: event.slug,
        url: url.replace(/\/$/, "") + peopleAddress(event.slug),
    };
}

function countOf(format: TakeHomeFormat, people: readonly Person[]): string {
    if (format !== "mastodon") {
        return tn(`people.home.${format}`, people.length);
    }
    const accounts = followable(people).length;
    return accounts === 0 ? t("people.home.mastodon.none") : tn("people.home.mastodon", accounts);
}

const FORMATS: readonly TakeHomeFormat[] = ["mastodon", "vcard", "page"];

export function TakeHome({ page, model }: { page: PeoplePage; model: Model }) {
    const [only, setOnly] = useState(false);
    const [saved, setSaved] = useState("");
    const ticked = page.ticked.value;
    const everybody = [...page.people.value.values()];
    const picked = only && ticked.length > 0;
    const people = picked ? ticked : everybody;

    function save(format: TakeHomeFormat): void {
        const { name, type, content } = takeHomeFile(
            format,
            people,
            occasionOf(model),
            wordsOf(page.minute.peek()),
        );
        saveFile(name, new Blob([content], { type }));
        setSaved(name);
    }
    return (
        <section class="take" aria-labelledby="h-home">
            <h2 id="h-home">{t(picked ? "people.home.ticked" : "people.home")}</h2>
            <p>{t("people.home.says")}</p>
            {ticked.length > 0 && (
                <Choice
                    label={t("people.home.who")}
                    options={[
                        { value: "all", text: t("people.home.all", { n: everybody.length }) },
                        { value: "only", text: t("people.home.only", { n: ticked.length }) },
                    ]}
                    value={picked ? "only" : "all"}
                    onChange={(value) => setOnly(value === "only")}
                />
            )}
            <ul>
                {FORMATS.map((format) => (
                    <li key={format}>
                        <button
                            class="btn"
                            type="button"
                            disabled={format === "mastodon" && followable(people).length === 0}
                            onClick={() => save(format)}
                        >
                            <Icon name="down" />
                            <span>
                                {t(`people.home.${format}`)}
                                <small>{countOf(format, people)}</small>
                            </span>
                        </button>
                    </li>
                ))}
            </ul>
            <p class="how" role="status">
                {saved !== "" && t("people.home.saved", { file: saved })}
            </p>
            <p class="how">{t("people.home.how")}</p>
            <p class="how">{t("people.home.limits")}</p>
        </section>
    );
}
