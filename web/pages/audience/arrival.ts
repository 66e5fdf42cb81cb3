/* What somebody comes with: a ticket, the words of their other device, the way back from a log-in,
 * the wish to be seen. */

import { OWN_CARD } from "../../core/address";
import { takeCarried } from "../../core/fragment";
import { takeFinished } from "../../core/login";
import type { Model } from "../../core/state";
import type { AudiencePage } from "./page";

/* Nothing is done with any of it before somebody says so. */
function open(page: AudiencePage): boolean {
    const { seed, ticket, pass } = page.carried.peek();
    if (seed !== null) {
        page.sheet.value = { kind: "device", seed };
    } else if (ticket !== null || pass !== null) {
        page.sheet.value = { kind: "ticket" };
    } else if (location.hash === OWN_CARD) {
        history.replaceState(null, "", location.pathname + location.search);
        page.sheet.value = { kind: "card" };
    }
    return page.sheet.peek() !== null;
}

/* Returns the way to stop. */
export function welcome(page: AudiencePage, model: Model): () => void {
    const login = takeFinished(model.event.id, Date.now());
    if (!open(page) && login !== null) {
        page.sheet.value = { kind: "back", login };
    }
    const carried = (): void => {
        page.carried.value = takeCarried();
        open(page);
    };
    addEventListener("hashchange", carried);
    return () => removeEventListener("hashchange", carried);
}
