/* Copies a text. Over plain http browsers offer no clipboard: then the text is shown selected, to be copied by hand. */

import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../core/words";
import { Icon } from "./icon";

const COPIED_MS = 3000;

export function CopyButton({ text, label }: { text: string; label: string }) {
    const [state, setState] = useState<"rest" | "copied" | "by_hand">("rest");
    const field = useRef<HTMLInputElement>(null);

    async function copy() {
        try {
            await navigator.clipboard.writeText(text);
            setState("copied");
        } catch {
            setState("by_hand");
        }
    }
    useEffect(() => {
        if (state === "by_hand") {
            field.current?.focus();
            field.current?.select();
            if (document.execCommand("copy")) {
                setState("copied");
            }
        }
        if (state !== "copied") {
            return undefined;
        }
        const timer = setTimeout(() => setState("rest"), COPIED_MS);
        return () => clearTimeout(timer);
    }, [state]);

    return (
        <>
            <button
                class="btn"
                type="button"
                aria-label={`${t("parts.copy")}: ${label}`}
                onClick={() => void copy()}
            >
                <Icon name={state === "copied" ? "check" : "copy"} />
                {t(state === "copied" ? "parts.copied" : "parts.copy")}
            </button>
            <span class="vh" role="status">
                {state === "copied" ? t("parts.copied") : ""}
            </span>
            {state === "by_hand" && (
                <span class="by-hand">
                    <input class="field" ref={field} readOnly value={text} aria-label={label} />
                    <span class="small">{t("parts.copy.by_hand")}</span>
                </span>
            )}
        </>
    );
}
