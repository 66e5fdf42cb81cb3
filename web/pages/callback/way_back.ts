/* What the address of /oauth/callback says, and what becomes of it: no picture here. */

import { eventAddress } from "../../core/address";
import { postCommand } from "../../core/command";
import {
    beginLogin,
    beginOwnLogin,
    finishOwnLogin,
    forgetLogin,
    pendingLogins,
    type Failure,
    type Login,
} from "../../core/login";
import type { Commands } from "../../core/commands";
import { eventStore, store } from "../../core/storage";

/* As server/wire/README.md says. */
const CODE_BYTES = 2048;
const ISSUER_BYTES = 300;

export type Trouble =
    | "nothing" /* nobody came back from a log-in */
    | "denied" /* the person said no there */
    | "declined" /* the far server said no */
    | "unknown" /* begun in another browser, or too long ago */
    | "no_key"
    | "bad_account" /* logged in as somebody else */
    | "refused"
    | "expired"
    | "unreachable"
    | "other";

export interface Failed {
    readonly kind: "failed";
    readonly why: Trouble;
    readonly login: Login | null; /* whose page to go back to */
    readonly refusal?: { readonly code: string; readonly message: string }; /* other */
    readonly again?: () => Promise<Outcome>;
}

export type Outcome = Failed | { readonly kind: "leaving"; readonly address: string };

/* Where a log-in was begun. */
export function homeOf({ kind, slug }: Login): string {
    return kind === "own" ? eventAddress(slug) : `${eventAddress(slug)}/organiser`;
}

/* The far server may have posted it although the answer was lost. What came too often was not even tried. */
export function mayBePosted({ why, login, refusal }: Failed): boolean {
    const asked = why === "other" && refusal?.code !== "too_often";
    const late = why === "expired" || why === "unreachable" || asked;
    return late && login?.kind === "own" && login.purpose === "post";
}

/* `search` is the address' query. */
export async function comeBack(search: string, now: number): Promise<Outcome> {
    const query = new URLSearchParams(search);
    const pending = pendingLogins(now);
    const state = query.get("state") ?? "";
    const login = pending.find((each) => each.state === state);
    const error = query.get("error");
    const code = query.get("code");
    const issuer = query.get("iss") ?? undefined;
    if (login === undefined) {
        const why = state === "" && code === null && error === null ? "nothing" : "unknown";
        return { kind: "failed", why, login: pending[0] ?? null };
    }
    if (error !== null) {
        forgetLogin(state);
        return { kind: "failed", why: error === "access_denied" ? "denied" : "declined", login };
    }
    if (code === null || code === "" || code.length > CODE_BYTES || (issuer?.length ?? 0) > ISSUER_BYTES) {
        return { kind: "failed", why: "declined", login };
    }
    const { verifier } = login;
    return finish(login, { state, code, verifier, ...(issuer === undefined ? {} : { issuer }) });
}

function bearerOf(login: Login): string | null {
    return login.kind === "own"
        ? eventStore(login.event).get("member")
        : store().get(`raute/${login.slug}/key/organiser`);
}

async function finish(login: Login, members: Commands["connect_finish"]): Promise<Outcome> {
    const bearer = bearerOf(login);
    if (bearer === null && login.kind === "event") {
        return { kind: "failed", why: "no_key", login };
    }
    const command = login.kind === "own" ? "own_finish" : "connect_finish";
    const result = await postCommand(login.slug, bearer, command, members);
    if (result.ok) {
        return finished(login, result.value);
    }
    if (["offline", "too_often", "storage"].includes(result.code)) {
        /* Our server has not done it yet. */
        return { kind: "failed", why: "other", login, refusal: result, again: () => finish(login, members) };
    }
    forgetLogin(login.state); /* it was tried: once is all that a code is good for */
    return failed(login, result);
}

function finished(login: Login, answer: Record<string, unknown>): Outcome {
    const home = homeOf(login);
    if (login.kind === "own") {
        finishOwnLogin(login, answer);
        return { kind: "leaving", address: home };
    }
    forgetLogin(login.state);
    return { kind: "leaving", address: `${home}#connected=${Number(answer["account"])}` };
}

async function beginAnew(login: Login): Promise<Outcome> {
    const { slug } = login;
    const bearer = bearerOf(login);
    const begun =
        login.kind === "own"
            ? await beginOwnLogin({ id: login.event, slug }, bearer, login)
            : await beginLogin(slug, bearer ?? "", login.network, login.server);
    return typeof begun === "string" ? { kind: "leaving", address: begun } : failed(login, begun);
}

function failed(login: Login, refusal: Failure): Failed {
    const again = () => beginAnew(login);
    switch (refusal.code) {
        case "bad_account":
        case "unreachable":
        case "refused":
        case "expired":
            return { kind: "failed", why: refusal.code, login, again };
        case "offline":
        case "busy":
            return { kind: "failed", why: "other", login, refusal, again };
        case "forbidden":
            return { kind: "failed", why: login.kind === "own" ? "other" : "no_key", login, refusal };
        default:
            return { kind: "failed", why: "other", login, refusal };
    }
}
