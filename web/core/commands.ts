/* What can be asked of the server: the members of each command (server/wire/README.md, "Commands"). */

import type { Scope, Side } from "./card";
import type {
    DeclineReason,
    Degree,
    EventInfo,
    Network,
    PostKind,
    QuestionState,
    Role,
} from "./protocol";

/* Without `cmd` and `id`. */
export interface Commands {
    join: { role: Exclude<Role, "audience">; key: string }; /* by POST: to learn what it answers */
    ask: { key: string; salt: string; talk: number; degree: Degree; text: string; sig: string };
    edit: { key: string; rev: number; text: string; sig: string };
    withdraw: { key: string; rev: number; sig: string };
    degree: { key: string; rev: number; degree: Degree; sig: string };
    vote: { n: number };
    unvote: { n: number };
    card: {
        card: string;
        rev: number;
        name: string;
        line?: string;
        web?: string;
        accounts: readonly string[];
        lists: boolean;
        shown: boolean; /* published; else told only to those who share an interest */
        sig: string;
    };
    card_delete: { card: string; rev: number; sig: string };
    card_hide: { card: string; on: boolean };
    claim: {
        key: string;
        card: string;
        rev: number;
        minute: number;
        hash: string;
        sig: string;
        card_sig: string;
    };
    unclaim: { key: string; card: string; rev: number; by: Side; sig: string };
    interest: { card: string; n: number; minute: number; scope: Scope; sig: string };
    own_login: {
        card: string;
        account: string;
        purpose: "prove" | "post";
        n?: number; /* with `post` */
        challenge: string;
    };
    own_finish: { state: string; code: string; verifier: string; issuer?: string };
    prove: {
        card: string;
        account: string; /* "": its web page */
        kind: "link" | "post";
        n?: number; /* this and the next two with `post` */
        salt?: string;
        url?: string;
    };
    pass: { code: string; elements: readonly string[] };
    tickets: { count: number; seats: number };
    take_home: { account: number };
    move: {
        n: number;
        from: QuestionState;
        to: QuestionState;
        rev?: number; /* of the text that was read */
        reason?: DeclineReason;
        answer?: string;
    };
    pin: { n: number; on: boolean };
    talk_select: { from: number; to: number };
    talk_open: { talk: number; open: boolean };
    talk_add: { title: string };
    talk_rename: { talk: number; title: string };
    talk_order: { order: readonly number[] };
    settings: Partial<Omit<EventInfo, "id" | "slug" | "seats">>;
    publish: { n: number; rev: number };
    open: { n: number; on: boolean };
    warn: { n: number; text?: string };
    post_retry: { n: number; account: number; kind: PostKind };
    post_drop: { n: number; account: number };
    connect: { network: Network; server?: string; challenge: string };
    connect_finish: { state: string; code: string; verifier: string; issuer?: string };
    connect_password: { network: "bluesky"; server: string; password: string };
    account_test: { account: number };
    disconnect: { account: number };
    link: { role: Exclude<Role, "audience"> };
    wipe: Record<never, never>;
    delete: { slug: string };
}
export type CommandName = keyof Commands;
