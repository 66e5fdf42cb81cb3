/* Who asked, in one line: a letter in an empty rhombus, the name, and how it was shown whose it is. */

import { cardAddress } from "../core/address";
import type { Asker, Mark } from "../core/people";
import { graphemes } from "../core/text";
import { t } from "../core/words";
import { Icon } from "./icon";

export function Letter({ name }: { name: string }) {
    return (
        <span class="mono" aria-hidden="true">
            <svg viewBox="0 0 32 32">
                <path d="M16 1 31 16 16 31 1 16z" />
            </svg>
            <span>{(graphemes(name)[0] ?? "").toLocaleUpperCase()}</span>
        </span>
    );
}

/* How it was shown whose an account or a page is. */
export function MarkWord({ mark }: { mark: Mark | null }) {
    return (
        <span class="st mark-word">
            {mark !== null && <Icon name="check" />}
            {t(`parts.mark.${mark ?? "none"}`)}
        </span>
    );
}

/* "Asked by NAME"; the name in whatever direction it is written. */
export function AskedByName({ name }: { name: string }) {
    const [before = "", after = ""] = t("parts.asked_by").split("{name}");
    return (
        <>
            {before}
            <bdi>{name}</bdi>
            {after}
        </>
    );
}

export function AskedBy({ asker, slug }: { asker: Asker; slug: string }) {
    return (
        <p class="by">
            <a href={cardAddress(slug, asker.tag)}>
                <Letter name={asker.name} />
                <span>
                    <AskedByName name={asker.name} />
                </span>
            </a>
            <MarkWord mark={asker.mark} />
        </p>
    );
}
