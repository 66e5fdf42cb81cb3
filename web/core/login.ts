/* Log-ins at other servers that this browser has begun. The verifier (PKCE, RFC 7636) stays here until the
 * way back: only the browser that began a log-in can finish it. Kept for 15 minutes, as long as the server
 * remembers its half. */

import { postCommand } from "./command";
import type { Result } from "./connection";
import { NETWORKS, type EventInfo, type Network } from "./protocol";
import { store, type Store } from "./storage";

const LOGIN_MS = 15 * 60_000;

interface Begun {
    readonly state: string; /* the server's name for it, 22 characters */
    readonly verifier: string;
    readonly slug: string;
    readonly time: number; /* Unix milliseconds */
}

/* An organiser's, for an account of the event. */
export interface EventLogin extends Begun {
    readonly kind: "event";
    readonly network: Network;
    readonly server: string | null; /* as it was named to `connect`; X has but one */
}

/* A person's, at their own server: to show whose the account is, or to post a question from it. */
export interface OwnLogin extends Begun {
    readonly kind: "own";
    readonly event: string; /* its id: the member's token is kept under it */
    readonly card: string; /* its key */
    readonly account: string;
    readonly purpose: "prove" | "post";
    readonly n: number | null; /* the question that is posted */
    readonly done: OwnDone | null; /* until the event's page has said so */
}

export interface OwnDone {
    readonly url: string | null; /* of the post */
    readonly revoked: boolean; /* that server has ended the log-in */
}

export type Login = EventLogin | OwnLogin;

const nameOf = (state: string): string => `raute/login/${state}`;
const stateOf = (name: string): string | undefined => /^raute\/login\/([\w-]{22})$/.exec(name)?.[1];

function readEvent(begun: Begun, kept: Partial<EventLogin>): EventLogin | null {
    const { network, server } = kept;
    return (typeof server === "string" || server === null) &&
        network !== undefined &&
        NETWORKS.includes(network)
        ? { ...begun, kind: "event", network, server }
        : null;
}

function readOwn(begun: Begun, kept: Partial<OwnLogin>): OwnLogin | null {
    const { event, card, account, purpose, n = null, done = null } = kept;
    return typeof event === "string" &&
        typeof card === "string" &&
        typeof account === "string" &&
        (purpose === "prove" || purpose === "post")
        ? { ...begun, kind: "own", event, card, account, purpose, n, done }
        : null;
}

function read(state: string, base: Store): Login | null {
    try {
        const kept = JSON.parse(base.get(nameOf(state)) ?? "null") as Partial<Login> | null;
        const { verifier, slug, time } = kept ?? {};
        if (typeof verifier !== "string" || typeof slug !== "string" || typeof time !== "number") {
            return null;
        }
        const begun = { state, verifier, slug, time };
        return kept?.kind === "own" ? readOwn(begun, kept) : readEvent(begun, kept as Partial<EventLogin>);
    } catch {
        return null;
    }
}

/* Those that can still be finished, the latest first; the others are forgotten. */
export function pendingLogins(now: number, base: Store = store()): Login[] {
    const pending: Login[] = [];
    for (const name of base.keys()) {
        const state = stateOf(name);
        const login = state === undefined ? null : read(state, base);
        if (login !== null && login.time <= now && now - login.time < LOGIN_MS) {
            pending.push(login);
        } else if (state !== undefined) {
            base.remove(name);
        }
    }
    return pending.sort((a, b) => b.time - a.time);
}

/* False when the state is none that a server of ours would give. */
export function keepLogin(login: Login, base: Store = store()): boolean {
    const { state, ...kept } = login;
    const name = nameOf(state);
    if (stateOf(name) === undefined) {
        return false;
    }
    base.set(name, JSON.stringify(kept));
    return true;
}

export function forgetLogin(state: string, base: Store = store()): void {
    base.remove(nameOf(state));
}

export function forgetLoginsOf(slug: string, now: number, base: Store = store()): void {
    for (const login of pendingLogins(now, base)) {
        if (login.slug === slug) {
            forgetLogin(login.state, base);
        }
    }
}

export type Failure = Extract<Result, { ok: false }>;

/* Begins a log-in at another server. Where it goes on: an address to leave for; or why not. */
export async function beginLogin(
    slug: string,
    key: string,
    network: Network,
    server: string | null,
): Promise<string | Failure> {
    const { newVerifier } = await import("./challenge");
    const { verifier, challenge } = newVerifier();
    const members = server === null ? { network, challenge } : { network, server, challenge };
    const result = await postCommand(slug, key, "connect", members);
    return result.ok ? leave(result.value, { kind: "event", verifier, slug, network, server }) : result;
}

export type OwnWish = Pick<OwnLogin, "card" | "account" | "purpose" | "n">;

/* Begins a log-in at the person's own server. `member`: the token of this event; null when there are no
 * members any more. */
export async function beginOwnLogin(
    event: Pick<EventInfo, "id" | "slug">,
    member: string | null,
    wish: OwnWish,
): Promise<string | Failure> {
    const { newVerifier } = await import("./challenge");
    const { verifier, challenge } = newVerifier();
    const { card, account, purpose, n } = wish;
    const members = { card, account, purpose, challenge, ...(n === null ? {} : { n }) };
    const result = await postCommand(event.slug, member, "own_login", members);
    const { id, slug } = event;
    const own = { kind: "own", event: id, card, account, purpose, n, done: null } as const;
    return result.ok ? leave(result.value, { ...own, verifier, slug }) : result;
}

/* `answer`: what our server said to the end of it. */
export function finishOwnLogin(
    login: OwnLogin,
    answer: Record<string, unknown>,
    base: Store = store(),
): void {
    const url = answer["url"];
    const done = { url: typeof url === "string" ? url : null, revoked: answer["revoked"] !== false };
    keepLogin({ ...login, done }, base);
}

/* A finished one of this event: told once. */
export function takeFinished(event: string, now: number, base: Store = store()): OwnLogin | null {
    for (const login of pendingLogins(now, base)) {
        if (login.kind === "own" && login.event === event && login.done !== null) {
            forgetLogin(login.state, base);
            return login;
        }
    }
    return null;
}

type Unnamed<L> = L extends Login ? Omit<L, "state" | "time"> : never;

/* What our server answered to the beginning: kept until the way back, and where to go on. */
function leave(answer: Record<string, unknown>, login: Unnamed<Login>): string | Failure {
    const address = loginAddress(answer["url"]);
    const state = String(answer["state"]);
    const kept = address !== null && keepLogin({ ...login, state, time: Date.now() });
    return kept ? address : { ok: false, code: "bad_server", message: "" };
}

/* Where a browser may be sent to log in: https, or http on this very machine. Null: nowhere. */
export function loginAddress(url: unknown): string | null {
    let parsed: URL;
    try {
        parsed = new URL(String(url));
    } catch {
        return null;
    }
    return parsed.protocol === "https:" || (parsed.protocol === "http:" && isLoopback(parsed.hostname))
        ? parsed.href
        : null;
}

export function isLoopback(host: string): boolean {
    return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
