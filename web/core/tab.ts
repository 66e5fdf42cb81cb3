/* A shared device: what is kept of an event moves into this tab, or back. Loaded when it is needed. */

import { eventsInTab, IN_TAB, PERSONAL, type Places } from "./storage";

/* False: another tab has begun anew meanwhile, and keeps what it has. */
export function keepInTab(event: string, on: boolean, places: Places = globalThis): boolean {
    const { localStorage: local, sessionStorage: session } = places;
    const others = eventsInTab(places).filter((each) => each !== event);
    const [from, to] = on ? [local, session] : [session, local];
    const own = (key: string): boolean => key.startsWith(`raute/${event}/`);
    if (!on && Object.keys(local).some((key) => own(key) && !/(until|member)$/.test(key))) {
        return false;
    }
    /* A log-in that was begun for another event finds its way back in its own tab. */
    const goes = (key: string): boolean =>
        on && key.startsWith("raute/login/")
            ? (local.getItem(key) ?? "").includes(`"${event}"`)
            : others.length === 0;
    const moves = Object.keys(from).filter((key) => own(key) || (PERSONAL.test(key) && goes(key)));
    moves.forEach((key) => to.setItem(key, from.getItem(key) ?? ""));
    const events = on ? [...others, event] : others;
    if (events.length > 0) {
        session.setItem(IN_TAB, events.join(" "));
    } else {
        session.removeItem(IN_TAB);
    }
    moves.forEach((key) => from.removeItem(key));
    return true;
}
