/* What this browser keeps, in localStorage, per event; on a shared device in sessionStorage, which ends with
 * the tab; in memory where storage is refused (private mode). None of it ever leaves the browser except as a
 * command says. */

export interface Store {
    get(key: string): string | null;
    set(key: string, value: string): void;
    remove(key: string): void;
    keys(): string[];
}

export function memoryStore(): Store {
    const values = new Map<string, string>();
    return {
        get: (key) => values.get(key) ?? null,
        set: (key, value) => void values.set(key, value),
        remove: (key) => void values.delete(key),
        keys: () => [...values.keys()],
    };
}

export type Places = Pick<typeof globalThis, "localStorage" | "sessionStorage">;

export const IN_TAB = "raute/tab"; /* the events that are kept in this tab alone */
export const PERSONAL = /^raute\/(login\/|instance$|follow$)/; /* of no event */

/* None where storage is refused. */
export function eventsInTab(places: Places = globalThis): string[] {
    try {
        return places.sessionStorage.getItem(IN_TAB)?.split(" ") ?? [];
    } catch {
        return [];
    }
}

function placeOf(key: string, places: Places): Storage {
    const events = eventsInTab(places);
    const event = /^raute\/([\w-]{22})\//.exec(key)?.[1] ?? "";
    const inTab = events.includes(event) || (events.length > 0 && PERSONAL.test(key));
    return inTab ? places.sessionStorage : places.localStorage;
}

export function browserStore(places: Places = globalThis): Store {
    const memory = memoryStore();
    try {
        places.localStorage.setItem("raute", "");
        places.localStorage.removeItem("raute");
    } catch {
        return memory;
    }
    const keysOf = (place: Storage): string[] =>
        Object.keys(place).filter((key) => placeOf(key, places) === place);
    return {
        get: (key) => memory.get(key) ?? placeOf(key, places).getItem(key),
        set(key, value) {
            try {
                placeOf(key, places).setItem(key, value);
                memory.remove(key);
            } catch {
                memory.set(key, value); /* full: better until the tab closes than not at all */
            }
        },
        remove(key) {
            memory.remove(key);
            placeOf(key, places).removeItem(key);
        },
        keys: () => [...memory.keys(), ...keysOf(places.localStorage), ...keysOf(places.sessionStorage)],
    };
}

let shared: Store | undefined;

export function store(): Store {
    shared ??= browserStore();
    return shared;
}

export type EventKey =
    | "seed"
    | "member"
    | "own"
    | "votes"
    | "asked"
    | "draft"
    | "told"
    | "until"
    | "card"
    | "interests"
    | "passes"
    | "codes"
    | "ticks";

export interface EventStore {
    get(key: EventKey): string | null;
    set(key: EventKey, value: string): void;
    remove(key: EventKey): void;
    /* The JSON value, or `otherwise` when there is none or it is broken. */
    read<T>(key: EventKey, otherwise: T): T;
    write(key: EventKey, value: unknown): void;
    /* Runs when another tab of this browser changed something of this event. Returns the way to stop. */
    watch(changed: () => void): () => void;
    /* From now on nothing is written: what is under way must not bring back what was forgotten. */
    close(): void;
}

/* `event`: the event's id, not its slug: a slug can be used again by another event. */
export function eventStore(event: string, base: Store = store()): EventStore {
    const name = (key: EventKey): string => `raute/${event}/${key}`;
    let closed = false;
    const set = (key: EventKey, value: string): void => {
        if (!closed) {
            base.set(name(key), value);
        }
    };
    return {
        get: (key) => base.get(name(key)),
        set,
        remove(key) {
            if (!closed) {
                base.remove(name(key));
            }
        },
        read<T>(key: EventKey, otherwise: T): T {
            try {
                const json = base.get(name(key));
                return json === null ? otherwise : (JSON.parse(json) as T);
            } catch {
                return otherwise;
            }
        },
        write: (key, value) => set(key, JSON.stringify(value)),
        watch(changed) {
            const listen = (event_: StorageEvent): void => {
                if (event_.key === null || event_.key.startsWith(`raute/${event}/`)) {
                    changed();
                }
            };
            addEventListener("storage", listen);
            return () => removeEventListener("storage", listen);
        },
        close: () => void (closed = true),
    };
}

/* Everything of events whose retention is over goes; `minute` is now. */
export function forgetOldEvents(minute: number, base: Store = store()): void {
    for (const key of base.keys()) {
        const event = /^raute\/([\w-]{22})\/until$/.exec(key)?.[1];
        if (event !== undefined && Number(base.get(key)) < minute) {
            forgetEvent(event, base);
        }
    }
}

/* Returns what was there: key and value. */
export function forgetEvent(event: string, base: Store = store()): [string, string][] {
    const kept = base
        .keys()
        .filter((key) => key.startsWith(`raute/${event}/`))
        .map((key): [string, string] => [key, base.get(key) ?? ""]);
    kept.forEach(([key]) => base.remove(key));
    return kept;
}

const roleName = (slug: string, role: string): string => `raute/${slug}/key/${role}`;

/* The key in `#k=` of the address: moved to storage, and out of the address bar at once. Null when this
 * browser has none. `slug` "" is the create key of the start page. */
export function takeRoleKey(slug: string, role: string, base: Store = store()): string | null {
    const key = /^#k=([\w-]{22})$/.exec(location.hash)?.[1];
    if (location.hash !== "") {
        history.replaceState(null, "", location.pathname + location.search);
    }
    if (key !== undefined) {
        base.set(roleName(slug, role), key);
    }
    return key ?? base.get(roleName(slug, role));
}

export function keepRoleKey(slug: string, role: string, key: string, base: Store = store()): void {
    base.set(roleName(slug, role), key);
}

export function forgetRoleKey(slug: string, role: string, base: Store = store()): void {
    base.remove(roleName(slug, role));
}
