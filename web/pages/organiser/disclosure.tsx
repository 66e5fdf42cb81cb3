/* What cannot be taken back: a first button shows in plain words what will happen, a second one, named after it, does it. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../core/words";

interface DisclosureProps {
    button: ComponentChildren;
    says: string;
    act: string;
    ready?: boolean;
    children?: ComponentChildren; /* a field, say */
    onAct: () => Promise<void>;
}

export function Disclosure({ button, says, act, ready = true, children, onAct }: DisclosureProps) {
    const [open, setOpen] = useState(false);
    const [busy, setBusy] = useState(false);

    async function submit(event: Event) {
        event.preventDefault();
        if (!ready || busy) {
            return;
        }
        setBusy(true);
        await onAct();
        setBusy(false);
        setOpen(false);
    }
    return (
        <>
            <button class="btn" type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
                {button}
            </button>
            {open && (
                <form class="consequence" onSubmit={(event) => void submit(event)}>
                    <p>{says}</p>
                    {children}
                    <div class="btns">
                        <button class="btn btn-act" type="submit" disabled={!ready || busy}>
                            {act}
                        </button>
                        <button class="btn" type="button" onClick={() => setOpen(false)}>
                            {t("organiser.cancel")}
                        </button>
                    </div>
                </form>
            )}
        </>
    );
}
