/* The mark and the hashtag: product and event share one sign. A hidden real # keeps it copyable and audible. */

import { Fragment } from "preact";
import { Mark } from "./icon";

const LONG_TAG_LETTERS = 18;

/* "NetzwerkenHRO" → ["Netzwerken", "HRO"]: a hashtag breaks only before capitals. */
export function hashtagParts(tag: string): string[] {
    return tag.match(/\p{Lu}*[^\p{Lu}]+|\p{Lu}+/gu) ?? [tag];
}

interface HashtagProps {
    tag: string;
    href?: string;
    oneLine?: boolean; /* a <wbr> would break even where white-space says nowrap */
}

export function Hashtag({ tag, href, oneLine = false }: HashtagProps) {
    const long = [...tag].length > LONG_TAG_LETTERS ? "" : undefined;
    const inside = (
        <>
            <Mark />
            <span>
                <span class="vh">#</span>
                {(oneLine ? [tag] : hashtagParts(tag)).map((part, index) => (
                    <Fragment key={index}>
                        {index > 0 && <wbr />}
                        {part}
                    </Fragment>
                ))}
            </span>
        </>
    );
    return href === undefined ? (
        <span class="tag" data-long={long}>
            {inside}
        </span>
    ) : (
        <a class="tag" data-long={long} href={href}>
            {inside}
        </a>
    );
}
