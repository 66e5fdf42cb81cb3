/* The content warning of a question's posts, written in its row. Enter sends, Escape leaves; empty takes it away. */

import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Question } from "../../core/protocol";
import { countGraphemes, normalText, utf8 } from "../../core/text";
import { t } from "../../core/words";
import type { ModeratorDesk } from "./desk";
import { warnAct } from "./outside";

/* As server/base/limits.h says. */
const WARNING_GRAPHEMES = 100;
const WARNING_BYTES = 400;

export function WarningForm({ desk, question }: { desk: ModeratorDesk; question: Question }) {
    const [text, setText] = useState(question.warning ?? "");
    const field = useRef<HTMLInputElement>(null);
    const form = useRef<HTMLFormElement>(null);
    const id = useId();
    const normal = normalText(text);
    const fits = countGraphemes(normal) <= WARNING_GRAPHEMES && utf8(normal).length <= WARNING_BYTES;
    useLayoutEffect(() => {
        field.current?.focus({ preventScroll: true });
        form.current?.scrollIntoView({ block: "nearest" });
    }, []);

    const leave = () => (desk.composing.value = null);
    function send(event: Event) {
        event.preventDefault();
        if (normal === (question.warning ?? "")) {
            leave();
        } else if (fits) {
            desk.actOutside(question.n, (now) => warnAct(now, normal === "" ? null : normal));
        }
    }
    return (
        <form
            class="compose warning wide"
            ref={form}
            onSubmit={send}
            onKeyDown={(event) => {
                if (event.key === "Escape") {
                    event.stopPropagation();
                    leave();
                }
            }}
        >
            <label class="lab" for={id}>
                {t("moderator.warning.label", { n: String(question.n) })}
            </label>
            <input
                class="field"
                id={id}
                ref={field}
                dir="auto"
                value={text}
                aria-invalid={!fits}
                aria-describedby={`${id}-says`}
                onInput={(event) => setText(event.currentTarget.value)}
            />
            <p class="small" id={`${id}-says`} role="status">
                {t(fits ? "moderator.warning.says" : "moderator.warning.over", { n: WARNING_GRAPHEMES })}
            </p>
            <div class="acts">
                <button class="btn btn-act" type="submit" disabled={!fits}>
                    {t("moderator.warning.set")}
                </button>
                <button class="btn" type="button" onClick={leave}>
                    {t("moderator.answer.cancel")}
                </button>
            </div>
        </form>
    );
}
