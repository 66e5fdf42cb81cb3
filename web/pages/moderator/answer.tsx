/* Writes an answer, in the question's row. Control+Enter sends, Escape leaves; what was written is kept as a draft until
   the server has it. */

import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Question } from "../../core/protocol";
import { countGraphemes, normalText, utf8 } from "../../core/text";
import { t } from "../../core/words";
import type { ModeratorDesk } from "./desk";

/* As server/base/limits.h says. */
const ANSWER_GRAPHEMES = 2000;
const ANSWER_BYTES = 6000;
const TELL_LEFT_BELOW = 200;

export function AnswerForm({ desk, question }: { desk: ModeratorDesk; question: Question }) {
    const [text, setText] = useState(desk.drafts.get(question.n) ?? question.answer ?? "");
    const area = useRef<HTMLTextAreaElement>(null);
    const id = useId();
    const normal = normalText(text);
    const over = Math.max(
        countGraphemes(normal) - ANSWER_GRAPHEMES,
        Math.ceil((utf8(normal).length - ANSWER_BYTES) / 3),
    );
    const fits = normal !== "" && over <= 0;

    /* Before the next key comes: letters would be commands to the desk. */
    useLayoutEffect(() => area.current?.focus(), []);

    function edit(next: string) {
        setText(next);
        desk.drafts.set(question.n, next);
    }
    function send(event: Event) {
        event.preventDefault();
        if (fits) {
            desk.act("answer", question.n, { answer: normal });
        }
    }
    return (
        <form
            class="compose wide"
            onSubmit={send}
            onKeyDown={(event) => {
                if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
                    send(event);
                } else if (event.key === "Escape") {
                    event.stopPropagation();
                    desk.composing.value = null;
                }
            }}
        >
            <label class="lab" for={id}>
                {t("moderator.answer.label", { n: String(question.n) })}
            </label>
            <textarea
                class="field voice"
                id={id}
                ref={area}
                rows={3}
                dir="auto"
                value={text}
                onInput={(event) => edit(event.currentTarget.value)}
            />
            <p class="small" role="status">
                {over > 0
                    ? t("moderator.answer.over", { n: over })
                    : over > -TELL_LEFT_BELOW && t("moderator.answer.left", { n: -over })}
            </p>
            <div class="acts">
                <button class="btn btn-act" type="submit" disabled={!fits}>
                    {t("moderator.answer.send")} <kbd aria-hidden="true">Ctrl ⏎</kbd>
                </button>
                <button class="btn" type="button" onClick={() => (desk.composing.value = null)}>
                    {t("moderator.answer.cancel")}
                </button>
            </div>
        </form>
    );
}
