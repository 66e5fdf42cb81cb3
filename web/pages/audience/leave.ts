/* Away to the server of one's own account: until the browser leaves, or why it does not. */

import { useEffect, useState } from "preact/hooks";
import { beginOwnLogin, type Failure, type OwnWish } from "../../core/login";
import type { EventInfo } from "../../core/protocol";
import type { EventStore } from "../../core/storage";

export function useLeave(event: EventInfo, store: EventStore | null) {
    const [busy, setBusy] = useState(false);
    const [failure, setFailure] = useState<Failure | null>(null);
    useEffect(() => {
        /* Back from the other server by the browser's own button. */
        const shown = (back: PageTransitionEvent): void => void (back.persisted && setBusy(false));
        addEventListener("pageshow", shown);
        return () => removeEventListener("pageshow", shown);
    }, []);
    async function leave(wish: OwnWish): Promise<void> {
        setBusy(true);
        setFailure(null);
        const begun = await beginOwnLogin(event, store?.get("member") ?? null, wish).catch(
            () => ({ ok: false, code: "offline", message: "" }) as const,
        );
        if (typeof begun === "string") {
            location.assign(begun);
        } else {
            setBusy(false);
            setFailure(begun);
        }
    }
    return { busy, failure, leave };
}
