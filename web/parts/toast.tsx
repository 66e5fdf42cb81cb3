/* The toast: what happened, in words, and the way back. One at a time; a line shows the time that is left.
   It waits while a pointer or the focus is on it. */

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

export interface ToastContent {
    text: string;
    action?: { readonly label: string; readonly run: () => void };
}

const TOAST_MS = 8000;

const shown = signal<{ id: number; content: ToastContent } | undefined>(undefined);
let lastId = 0;

export function showToast(content: ToastContent): void {
    shown.value = { id: ++lastId, content };
}

export function hideToast(): void {
    shown.value = undefined;
}

/* Stands once in a page; `look` places it, `actionKey` is the key that does the same. */
export function Toast({ look, actionKey }: { look?: string; actionKey?: string }) {
    const current = shown.value;
    return (
        <div class={`toast-place ${look ?? ""}`} role="status">
            {current && <ToastBox key={current.id} content={current.content} actionKey={actionKey} />}
        </div>
    );
}

function ToastBox({ content, actionKey }: { content: ToastContent; actionKey: string | undefined }) {
    const left = useRef(TOAST_MS);
    const timer = useRef<{ handle: ReturnType<typeof setTimeout>; since: number } | undefined>(undefined);

    function run() {
        stop();
        timer.current = { handle: setTimeout(hideToast, left.current), since: performance.now() };
    }
    function stop() {
        if (timer.current) {
            clearTimeout(timer.current.handle);
            left.current -= performance.now() - timer.current.since;
            timer.current = undefined;
        }
    }
    useEffect(() => {
        run();
        return stop;
    }, []);

    const { action } = content;
    return (
        <div
            class="toast"
            style={{ "--toast-time": `${TOAST_MS}ms` }}
            onPointerEnter={stop}
            onPointerLeave={run}
            onFocusIn={stop}
            onFocusOut={run}
        >
            <p>{content.text}</p>
            {action && (
                <button
                    class="btn"
                    type="button"
                    onClick={() => {
                        hideToast();
                        action.run();
                    }}
                >
                    {action.label} {actionKey && <kbd>{actionKey}</kbd>}
                </button>
            )}
        </div>
    );
}
