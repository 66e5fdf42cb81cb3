/* Where to read what anonymous means here, and who is shown by a card: the same in every page's menu. */

import { peopleAddress } from "../core/address";
import { t } from "../core/words";

export function AboutLinks({ slug }: { slug?: string }) {
    return (
        <p class="about">
            {slug !== undefined && <a href={peopleAddress(slug)}>{t("parts.people")}</a>}
            <a href="/privacy">{t("parts.privacy")}</a>
        </p>
    );
}
