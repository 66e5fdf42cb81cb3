/* The hashtags, in one field. Each is checked while it is typed: one that networks would cut is told, with one that works. */

import { useId } from "preact/hooks";
import type { EventInfo } from "../../core/protocol";
import { bareHashtag, hashtagProblem, type HashtagProblem } from "../../core/hashtag";
import { normalText } from "../../core/text";
import { t } from "../../core/words";
import { HashtagAdvice } from "../../parts/advice";
import { FieldState, useField, type Save } from "./fields";

export function hashtagsFrom(text: string): string[] {
    return normalText(text)
        .split(/[\s,;]+/)
        .map(bareHashtag)
        .filter((tag) => tag !== "");
}

const written = (tags: readonly string[]): string => tags.map((tag) => `#${tag}`).join(" ");

/* The first that does not work, and why. */
function firstProblem(tags: readonly string[], title: string): [string, HashtagProblem] | [] {
    for (const tag of tags) {
        const problem = hashtagProblem(tag, title);
        if (problem !== null) {
            return [tag, problem];
        }
    }
    return [];
}

export function HashtagsField({ event, save }: { event: EventInfo; save: Save<string> }) {
    const field = useField(written(event.hashtags), async (text: string) => {
        const [wrong] = firstProblem(hashtagsFrom(text), event.title);
        return wrong === undefined ? save(text) : t("organiser.unsaved");
    });
    const id = useId();
    const tags = hashtagsFrom(field.draft);
    const [wrong, problem = null] = firstProblem(tags, event.title);

    const take = (better: string) => field.commit(written(tags.map((tag) => (tag === wrong ? better : tag))));
    return (
        <div class="setting">
            <label class="lab" for={id}>
                {t("organiser.field.hashtags")}
            </label>
            <div class="setting-line">
                <input
                    class="field is-text"
                    id={id}
                    spellcheck={false}
                    autocapitalize="none"
                    value={field.draft}
                    aria-describedby={`${id}-state ${id}-problem ${id}-says`}
                    aria-invalid={problem !== null || field.state.kind === "error"}
                    onInput={(change) => field.edit(change.currentTarget.value)}
                    onChange={() => field.commit()}
                />
                <FieldState id={`${id}-state`} state={field.state} />
            </div>
            <HashtagAdvice id={`${id}-problem`} problem={problem} onTake={take} />
            <p class="small" id={`${id}-says`}>
                {t("organiser.field.hashtags.says")}
            </p>
        </div>
    );
}
