/* A sheet over the page: the menu, all keys, the talks. A native dialog, so focus and Escape are the browser's. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../core/words";
import { Icon } from "./icon";

interface PanelProps {
    title: string;
    children: ComponentChildren;
    onClose: () => void;
}

/* Present in the tree means open. */
export function Panel({ title, children, onClose }: PanelProps) {
    const dialog = useRef<HTMLDialogElement>(null);
    const heading = useId();
    const gone = useRef(false); /* its close event comes when another sheet may stand there already */
    useEffect(() => {
        const element = dialog.current;
        const opener = document.activeElement;
        element?.showModal();
        return () => {
            gone.current = true;
            element?.close();
            if (opener instanceof HTMLElement) {
                opener.focus();
            }
        };
    }, []);
    return (
        <dialog
            class="panel"
            ref={dialog}
            aria-labelledby={heading}
            onClose={() => gone.current || onClose()}
            onClick={(event) => event.target === dialog.current && onClose()}
        >
            <div class="panel-head">
                <h2 id={heading}>{title}</h2>
                <button class="btn btn-icon" type="button" aria-label={t("parts.close")} onClick={onClose}>
                    <Icon name="close" />
                </button>
            </div>
            {children}
        </dialog>
    );
}
