/* What is wrong with a hashtag, said while it is typed, and one tap to one that works. */

import { HASHTAG_GRAPHEMES, type HashtagProblem } from "../core/hashtag";
import { t } from "../core/words";
import { Icon } from "./icon";

export function hashtagWords({ kind, sign, left }: HashtagProblem): string {
    return t(`hashtag.${kind === "ends" && left === "" ? "starts" : kind}`, {
        sign,
        left,
        n: HASHTAG_GRAPHEMES,
    });
}

interface AdviceProps {
    readonly id: string; /* what the field is described by */
    readonly problem: HashtagProblem | null;
    readonly onTake: (hashtag: string) => void;
}

export function HashtagAdvice({ id, problem, onTake }: AdviceProps) {
    const proposal = problem?.proposal ?? null;
    return (
        <div class="advice">
            <p class="hint" id={id} role="status">
                {problem !== null && (
                    <>
                        <Icon name="warn" />
                        <span>{hashtagWords(problem)}</span>
                    </>
                )}
            </p>
            {proposal !== null && (
                <button class="btn" type="button" onClick={() => onTake(proposal)}>
                    {t("hashtag.take", { hashtag: proposal })}
                </button>
            )}
        </div>
    );
}
