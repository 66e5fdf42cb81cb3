/* The connection's state, told only when it is lost: quiet, and not for a moment's hiccup. */

import { useEffect, useState } from "preact/hooks";
import type { Connection } from "../core/connection";
import { clockTime, t } from "../core/words";
import { Icon } from "./icon";

const HICCUP_MS = 2500;

/* The minute since when the page is offline, once that is worth telling; else null. */
export function useOffline(connection: Connection): number | null {
    const since = connection.offlineSince.value;
    const [told, setTold] = useState(false);
    useEffect(() => {
        setTold(false);
        if (since === null) {
            return undefined;
        }
        const timer = setTimeout(() => setTold(true), HICCUP_MS);
        return () => clearTimeout(timer);
    }, [since]);
    return told && since !== null ? Math.floor(since / 60_000) : null;
}

export function ConnectionNotice({ connection }: { connection: Connection }) {
    const since = useOffline(connection);
    return (
        <div role="status">
            {since !== null && (
                <p class="strip">
                    <Icon name="offline" />
                    <span>{t("parts.offline", { time: clockTime(since) })}</span>
                </p>
            )}
        </div>
    );
}
