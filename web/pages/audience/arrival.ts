/* What somebody comes with: a ticket, the words of their other device, the way back from a log-in,
 * the wish to be seen. */

import { OWN_CARD } from "../../core/address";
import { takeCarried, type Carried } from "../../core/fragment";
import { takeFinished } from "../../core/login";
import type { Model } from "../../core/state";
import type { AudiencePage } from "./page";

/* A later address that says nothing of tickets takes none away, nor the key that they are compared by. */
export function carriedOn(former: Carried, fresh: Carried): Carried {
    const { ticket, seats, pass } = fresh.ticket === null && fresh.pass === null ? former : fresh;
    return { ...fresh, ticket, seats, pass, passKey: fresh.passKey ?? former.passKey };
}

/* Nothing is done with any of it before somebody says so. */
function open(page: AudiencePage, { seed, ticket, pass }: Carried): boolean {
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
    if (!open(page, page.carried.peek()) && login !== null) {
        page.sheet.value = { kind: "back", login };
    }
    const carried = (): void => {
        const fresh = takeCarried();
        page.carried.value = carriedOn(page.carried.peek(), fresh);
        open(page, fresh);
    };
    addEventListener("hashchange", carried);
    return () => removeEventListener("hashchange", carried);
}
