/* The ask sheet: on a phone a page of its own with sending pinned, on wide windows in the left column.
 * The draft is kept whatever happens; nothing leaves before the button. */

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { QUESTION_BYTES, QUESTION_GRAPHEMES, type Degree } from "../../core/protocol";
import type { Model } from "../../core/state";
import { countGraphemes, normalText, utf8 } from "../../core/text";
import { t } from "../../core/words";
import { Icon } from "../../parts/icon";
import { AsMe, cardShown, DegreeControl, degreesOf, DoButton } from "./degree";
import { PostPreview } from "./preview";
import { PublishNotes } from "./reach";
import type { AskSheet, AudiencePage } from "./page";

const COUNTER_FROM_GRAPHEMES = 400;
/* As in audience.css: where the sheet covers the page. */
const COVERS = "(max-width: 55.99rem) and (min-height: 22.01rem)";

/* Covering the page, the sheet keeps the focus to itself and the back gesture closes it. */
function useCover(close: () => void): boolean {
    const covers = matchMedia(COVERS).matches;
    useEffect(() => {
        if (!covers) {
            return undefined;
        }
        const behind = document.querySelectorAll<HTMLElement>(".top, .talk, .notes, main");
        behind.forEach((each) => (each.inert = true));
        history.pushState("ask", "");
        addEventListener("popstate", close);
        return () => {
            behind.forEach((each) => (each.inert = false));
            removeEventListener("popstate", close);
            if (history.state === "ask") {
                history.back();
            }
        };
    }, []);
    return covers;
}

function useFocus(): { current: HTMLTextAreaElement | null } {
    const field = useRef<HTMLTextAreaElement>(null);
    useLayoutEffect(() => {
        const opener = document.activeElement;
        field.current?.focus();
        field.current?.setSelectionRange(field.current.value.length, field.current.value.length);
        return () => {
            /* after the drawing: the bar that opened the sheet is a new one */
            setTimeout(() => {
                const gone = opener === document.body || !opener?.isConnected;
                const back = gone ? document.querySelector(".bar .btn") : opener;
                (back as HTMLElement | null)?.focus();
            });
        };
    }, []);
    return field;
}

function Counter({ graphemes }: { graphemes: number }) {
    const left = QUESTION_GRAPHEMES - graphemes;
    return (
        <p class="count small num" id="ask-count" role="status">
            {graphemes < COUNTER_FROM_GRAPHEMES
                ? ""
                : t(left < 0 ? "audience.ask.over" : "audience.ask.left", { n: Math.abs(left) })}
        </p>
    );
}

function Hints({ page, model, editing }: { page: AudiencePage; model: Model; editing: boolean }) {
    const offline = page.connection.status.value !== "live";
    const few = model.present === 0;
    return (
        <>
            {offline && (
                <p class="hint">
                    <Icon name="offline" />
                    <span>{t("audience.ask.offline")}</span>
                </p>
            )}
            <p class="hint">
                <Icon name="people" />
                <span>{few ? t("audience.ask.few") : t("audience.ask.crowd", { n: model.present })}</span>
            </p>
            {!isSecureContext && (
                <p class="hint">
                    <Icon name="warn" />
                    <span>{t("audience.plain")}</span>
                </p>
            )}
            {editing && model.event.moderation === "before" && (
                <p class="hint">
                    <Icon name="pencil" />
                    <span>{t("audience.ask.again")}</span>
                </p>
            )}
        </>
    );
}

/* Chosen anew for each question; never further than the event goes by now. */
function useDegree(model: Model): [Degree, (degree: Degree) => void] {
    const chosen = useSignal<Degree>(0);
    const degree = degreesOf(model).includes(chosen.value) ? chosen.value : 0;
    return [degree, (wanted) => void (chosen.value = wanted)];
}

export function AskForm({ page, model, sheet }: { page: AudiencePage; model: Model; sheet: AskSheet }) {
    const { salt } = sheet;
    const own = salt === null ? undefined : page.outbox?.own.peek().find((each) => each.salt === salt);
    const draft = useSignal(
        own === undefined ? (page.store?.get("draft") ?? "") : (own.edit?.text ?? own.text),
    );
    const failed = useSignal(false);
    const [degree, chooseDegree] = useDegree(model);
    const text = useComputed(() => normalText(draft.value));
    const graphemes = useComputed(() => countGraphemes(text.value));
    const heading = useId();
    const close = (): void => void (page.ask.value = null);
    const field = useFocus();
    const covers = useCover(close);
    const nameless = degree === 2 && !cardShown(page);
    const tooLong = graphemes.value > QUESTION_GRAPHEMES || utf8(text.value).length > QUESTION_BYTES;

    function typed(value: string): void {
        draft.value = value;
        if (own === undefined) {
            page.store?.set("draft", value);
        }
    }
    function send(): void {
        if (text.value === "" || tooLong || nameless) {
            field.current?.focus();
            return;
        }
        try {
            page.send(text.value, degree, own?.salt ?? null);
            close();
        } catch {
            failed.value = true;
        }
    }
    return (
        <div
            class="ask"
            role="dialog"
            aria-modal={covers}
            aria-labelledby={heading}
            onKeyDown={(event) => event.key === "Escape" && close()}
        >
            <div class="ask-head">
                <h2 id={heading}>
                    {t(own === undefined ? "audience.ask.title" : "audience.ask.title_edit")}
                </h2>
                <button
                    class="btn btn-icon"
                    type="button"
                    aria-label={t("audience.ask.close")}
                    onClick={close}
                >
                    <Icon name="close" />
                </button>
            </div>
            <div class="ask-body">
                <label class="vh" for="draft">
                    {t("audience.ask.label", { n: QUESTION_GRAPHEMES })}
                </label>
                <textarea
                    id="draft"
                    ref={field}
                    rows={4}
                    lang={model.event.language}
                    placeholder={t("audience.ask.placeholder")}
                    aria-invalid={tooLong}
                    aria-describedby="ask-count"
                    value={draft.value}
                    onInput={(event) => typed(event.currentTarget.value)}
                    onKeyDown={(event) => {
                        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
                            send();
                        }
                    }}
                />
                <Counter graphemes={graphemes.value} />
                {tooLong && graphemes.value <= QUESTION_GRAPHEMES && (
                    <p class="hint">{t("audience.ask.over_bytes")}</p>
                )}
                {failed.value && (
                    <p class="hint" role="alert">
                        <Icon name="warn" />
                        <span>{t("audience.ask.no_random")}</span>
                    </p>
                )}
                <Hints page={page} model={model} editing={own !== undefined} />
                {own === undefined && (
                    <DegreeControl
                        model={model}
                        degrees={degreesOf(model)}
                        value={degree}
                        legend
                        onChange={chooseDegree}
                    />
                )}
                {degree === 2 && <AsMe page={page} />}
                {degree === 1 && <PublishNotes page={page} model={model} />}
                {degree === 1 && text.value !== "" && (
                    <PostPreview model={model} text={text.value} n={null} />
                )}
            </div>
            <div class="send">
                <DoButton
                    page={page}
                    nameless={nameless}
                    disabled={text.value === "" || tooLong}
                    label={t(own === undefined ? "audience.ask.send" : "audience.ask.send_edit")}
                    onDo={send}
                />
            </div>
        </div>
    );
}
