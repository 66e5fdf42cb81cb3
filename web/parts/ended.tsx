/* Nothing to show any more, or not with this link: what is, and where to go. */

import { eventAddress } from "../core/address";
import type { Ended } from "../core/connection";
import { t } from "../core/words";
import { Figure } from "./icon";

export function EndedPage({ why, slug }: { why: Ended | "no_key"; slug: string }) {
    const gone = why === "missing" || why === "deleted";
    return (
        <main class="says">
            <Figure kind={gone ? "missing" : "warn"} />
            <h1>{t(`parts.ended.${why}`, { slug })}</h1>
            <p>{t(`parts.ended.${why}.says`)}</p>
            <p>
                <a class="btn" href={gone ? "/" : eventAddress(slug)}>
                    {t(gone ? "parts.ended.to_start" : "parts.ended.to_audience")}
                </a>
            </p>
        </main>
    );
}
