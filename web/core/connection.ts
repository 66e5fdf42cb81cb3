/* One browser at one event: fetches the snapshot, holds the socket, lays frames over the model, comes
 * back after every loss. Commands are answered or fail as `offline`; repeating them is the caller's. */

import { signal, type ReadonlySignal } from "@preact/signals";
import type { CommandName, Commands } from "./commands";
import {
    PAD_BYTES,
    parseServerMessage,
    parseSnapshot,
    SUBPROTOCOL,
    type Answer,
    type Bye,
    type Frame,
    type Language,
    type Role,
} from "./protocol";
import type { PassSaid } from "./passes";
import { parsePeople } from "./people";
import { createState, type State } from "./state";
import { browserSurroundings, type Surroundings } from "./surroundings";
import { padMessage } from "./text";

const BYE_MS = 2_000; /* the server's time to close after its bye */
const PADDED: ReadonlySet<string> = new Set(["ask", "edit", "card", "claim"]);
const ANSWER_MS = 15_000; /* a command unanswered for so long: the connection is dead */
const SNAPSHOT_MS = 60_000; /* a long list through a bad network, once its answer has begun */
const RESYNC_MS = 1_000; /* snapshots are as old as that */

export type Result =
    | { readonly ok: true; readonly value: Record<string, unknown> }
    | { readonly ok: false; readonly code: string; readonly message: string };

/* `ended`: no coming back. missing: no such event; forbidden: the role's key is wrong or was changed. */
export type Ended = "missing" | "deleted" | "forbidden";
export type Status = "connecting" | "live" | "offline";

export interface ConnectOptions {
    readonly slug: string;
    readonly role: Role;
    readonly key?: string | null;
    readonly language?: () => Language;
    /* The audience's member token of this event, kept by the caller. */
    readonly member?: (event: string) => string | null;
    readonly keepMember?: (event: string, token: string | null) => void;
    readonly surroundings?: Surroundings;
}

export interface Connection {
    readonly state: State;
    readonly status: ReadonlySignal<Status>;
    readonly offlineSince: ReadonlySignal<number | null>; /* Unix milliseconds */
    readonly ended: ReadonlySignal<Ended | null>;
    command<N extends CommandName>(name: N, members: Commands[N]): Promise<Result>;
    readonly member: ReadonlySignal<boolean>; /* has the audience's member token */
    readonly passKey: ReadonlySignal<string | null>; /* 32 bytes: of a gated event, known once joined */
    readonly people: ReadonlySignal<boolean>; /* the model has all cards */
    /* From now on the model is to have all cards; they come a moment later. */
    showPeople(): void;
    /* Becomes a member by a pass: drops the socket and comes back on a fresh one. Null: a member now; else
     * the code of the refusal. */
    redeem(pass: PassSaid): Promise<string | null>;
    /* Server's minute now, by the offset learned at the join. */
    minute(): number;
    close(): void;
}

interface Waiting {
    resolve(answer: Answer | null): void;
}

interface Redemption {
    readonly pass: PassSaid;
    resolve(code: string | null): void;
}

class Link implements Connection {
    readonly state = createState();
    readonly status = signal<Status>("connecting");
    readonly offlineSince = signal<number | null>(null);
    readonly ended = signal<Ended | null>(null);
    readonly member = signal(false);
    readonly passKey = signal<string | null>(null);
    readonly people = signal(false);

    private readonly world: Surroundings;
    private readonly waiting = new Map<number, Waiting>();
    private readonly unwatch: () => void;
    private socket: WebSocket | null = null;
    private nextId = 1;
    private minuteOffset = 0;
    private cancelRetry: (() => void) | null = null;
    private attempts = 0;
    private peopleWanted = false;
    private syncing = false; /* a new snapshot, or the join after it, is on its way for this socket */
    private redemption: Redemption | null = null;
    private opening = 0;
    private resyncs = 0;
    private closed = false;

    constructor(private readonly options: ConnectOptions) {
        this.world = options.surroundings ?? browserSurroundings();
        this.unwatch = this.world.watch((back) => this.networkChanged(back));
        void this.open();
    }

    async command<N extends CommandName>(name: N, members: Commands[N]): Promise<Result> {
        if (this.status.peek() !== "live") {
            return offline;
        }
        const answer = await this.send(name, members);
        if (answer === null) {
            return offline;
        }
        return "error" in answer
            ? { ok: false, code: answer.error.code, message: answer.error.message }
            : { ok: true, value: answer.ok };
    }

    showPeople(): void {
        this.peopleWanted = true;
        if (this.status.peek() === "live") {
            this.completePeople();
        }
    }

    redeem(pass: PassSaid): Promise<string | null> {
        this.redemption?.resolve("offline");
        const done = new Promise<string | null>((resolve) => {
            this.redemption = { pass: { nonce: pass.nonce, output: pass.output }, resolve };
        });
        this.cancelRetry?.();
        this.drop();
        this.status.value = "offline";
        void this.open();
        return done;
    }

    minute(): number {
        return Math.floor(this.world.now() / 60_000) + this.minuteOffset;
    }

    close(): void {
        this.closed = true;
        this.unwatch();
        this.cancelRetry?.();
        this.cancelRetry = null;
        this.drop();
        this.redeemed("offline");
    }

    private end(reason: Ended): void {
        if (this.ended.peek() !== null) {
            return; /* of two parts each may have said so */
        }
        this.ended.value = reason;
        this.close();
        this.status.value = "offline";
    }

    /* Snapshot first, unless the model has all that is wanted already, and only the socket was lost. */
    private async open(): Promise<void> {
        this.cancelRetry = null;
        this.opening += 1;
        const { opening } = this;
        const there = this.state.model.peek() !== null && !this.lacksPeople();
        const fetched = there || (await this.fetchSnapshot());
        if (this.closed || opening !== this.opening) {
            return; /* opened anew meanwhile */
        }
        if (!fetched) {
            this.retry();
            return;
        }
        const url = this.world.origin.replace(/^http/, "ws") + `/e/${this.options.slug}/live`;
        let socket: WebSocket;
        try {
            socket = this.world.socket(url, SUBPROTOCOL);
        } catch {
            this.retry();
            return;
        }
        this.socket = socket;
        socket.onopen = () => void this.join(socket);
        socket.onmessage = (event) => this.receive(socket, event.data);
        socket.onclose = () => this.lost(socket);
        /* A handshake that hangs in dead Wi-Fi never closes by itself. */
        this.world.after(ANSWER_MS, () => {
            if (this.socket === socket && this.status.peek() !== "live" && socket.readyState !== 1) {
                this.lost(socket);
            }
        });
    }

    /* False: not now; or the event ended, which then is said. */
    private async fetchSnapshot(): Promise<boolean> {
        const [json, people] = await Promise.all([
            this.fetchPart("snapshot"),
            this.peopleWanted ? this.fetchPart("people.json") : undefined,
        ]);
        const snapshot = json === null ? null : parseSnapshot(json);
        const cards = typeof people === "string" ? parsePeople(people) : people;
        if (snapshot === null || cards === null || this.ended.peek() !== null) {
            return false;
        }
        this.state.applySnapshot(snapshot, cards);
        this.people.value = cards !== undefined;
        this.member.value = this.options.member?.(snapshot.event.id) != null;
        return true;
    }

    private lacksPeople(): boolean {
        return this.peopleWanted && !this.people.peek();
    }

    private completePeople(): void {
        if (this.socket !== null && this.lacksPeople()) {
            void this.resync(this.socket);
        }
    }

    private async fetchPart(part: "snapshot" | "people.json"): Promise<string | null> {
        const { slug, role, key } = this.options;
        const staff = (role === "moderator" || role === "organiser") && key != null;
        const limit = new AbortController();
        const { signal } = limit;
        const abort = (): void => limit.abort();
        let cancel = this.world.after(ANSWER_MS, abort);
        try {
            const response = await this.world.fetch(
                `${this.world.origin}/e/${slug}/${part}`,
                staff
                    ? { headers: { Authorization: `Bearer ${key}` }, cache: "no-store", signal }
                    : { cache: "no-cache", signal },
            );
            cancel();
            cancel = this.world.after(SNAPSHOT_MS, abort);
            if (response.status === 404) {
                this.end(this.state.model.peek() === null ? "missing" : "deleted");
            } else if (response.status === 401 || response.status === 403) {
                this.end("forbidden");
            }
            return response.ok ? await response.text() : null;
        } catch {
            return null;
        } finally {
            cancel();
        }
    }

    private async join(socket: WebSocket): Promise<void> {
        const model = this.state.model.peek();
        if (model === null || this.socket !== socket) {
            return;
        }
        const { role, key, language, member } = this.options;
        const token = role === "audience" ? (member?.(model.event.id) ?? null) : null;
        const answer = await this.send("join", {
            ...(role === "audience" ? {} : { role, key }),
            ...(token === null ? this.redemption?.pass : { member: token }),
            ...(language === undefined ? {} : { language: language() }),
            since: model.seq,
        });
        if (answer === null || this.socket !== socket) {
            return;
        }
        if ("error" in answer) {
            this.joinRefused(socket, answer.error.code, token !== null);
        } else {
            this.member.value = token !== null || typeof answer.ok.member === "string";
            await this.joined(socket, answer.ok);
        }
    }

    private joinRefused(socket: WebSocket, code: string, hadToken: boolean): void {
        const model = this.state.model.peek();
        if (code === "forbidden" && hadToken && model !== null) {
            /* Of a server that lost its secrets: begin anew. */
            this.options.keepMember?.(model.event.id, null);
            void this.join(socket);
        } else if (code === "bad_pass") {
            this.redeemed(code);
            void this.join(socket);
        } else if (code === "forbidden") {
            this.end("forbidden");
        } else if (code === "unknown" || code === "gone") {
            this.end("deleted");
        } else {
            this.lost(socket);
        }
    }

    private async joined(socket: WebSocket, ok: Record<string, unknown>): Promise<void> {
        this.syncing = false;
        const model = this.state.model.peek();
        if (typeof ok.member === "string" && model !== null) {
            this.options.keepMember?.(model.event.id, ok.member);
        }
        if (typeof ok.minute === "number") {
            this.minuteOffset = ok.minute - Math.floor(this.world.now() / 60_000);
        }
        if (typeof ok.pass_key === "string") {
            this.passKey.value = ok.pass_key;
        }
        if (ok.resync === true) {
            await this.resyncAgain(socket);
            return;
        }
        this.resyncs = 0;
        this.attempts = 0;
        this.offlineSince.value = null;
        this.status.value = "live";
        this.redeemed(this.member.peek() ? null : "members_only");
        this.completePeople();
    }

    /* Asked to by the answer to join: a second time in a row the snapshot is as old as the first. */
    private async resyncAgain(socket: WebSocket): Promise<void> {
        this.resyncs += 1;
        if (this.resyncs > 1) {
            await new Promise<void>((resume) => this.world.after(RESYNC_MS, resume));
        }
        await this.resync(socket);
    }

    /* One at a time, until its join is answered: that brings whatever came meanwhile. */
    private async resync(socket: WebSocket): Promise<void> {
        if (this.syncing || this.socket !== socket) {
            return;
        }
        this.syncing = true;
        const fetched = await this.fetchSnapshot();
        if (this.socket !== socket) {
            return;
        }
        if (fetched) {
            await this.join(socket);
        } else {
            this.lost(socket);
        }
    }

    private redeemed(code: string | null): void {
        const { redemption } = this;
        this.redemption = null;
        redemption?.resolve(code);
    }

    private send(cmd: string, members: object): Promise<Answer | null> {
        const socket = this.socket;
        if (socket === null || socket.readyState !== 1) {
            return Promise.resolve(null);
        }
        const id = this.nextId;
        this.nextId = (this.nextId + 1) % 2 ** 32;
        const json = JSON.stringify({ cmd, id, ...members });
        socket.send(PADDED.has(cmd) ? padMessage(json, PAD_BYTES) : json);
        return new Promise((resolve) => {
            const cancel = this.world.after(ANSWER_MS, () => this.lost(socket));
            this.waiting.set(id, {
                resolve(answer) {
                    cancel();
                    resolve(answer);
                },
            });
        });
    }

    private receive(socket: WebSocket, data: unknown): void {
        const message = this.socket === socket && typeof data === "string" ? parseServerMessage(data) : null;
        if (message === null) {
            return;
        }
        switch (message.kind) {
            case "answer":
                this.waiting.get(message.answer.id)?.resolve(message.answer);
                this.waiting.delete(message.answer.id);
                return;
            case "frame":
                this.receiveFrame(socket, message.frame);
                return;
            case "resync":
                void this.resync(socket);
                return;
            case "bye":
                this.receiveBye(socket, message.bye);
        }
    }

    private receiveFrame(socket: WebSocket, frame: Frame): void {
        if (!this.state.applyFrame(frame)) {
            void this.resync(socket);
        } else if (frame.changes.some(({ k }) => k === "event") && this.gateHasClosed()) {
            void this.join(socket); /* its answer has the key that passes are checked with */
        }
    }

    private gateHasClosed(): boolean {
        const gated = this.state.model.peek()?.event.admission === "tickets";
        return gated && this.passKey.peek() === null && this.options.role === "audience";
    }

    /* The server closes after a bye; closing from both sides at once is an error in some browsers. */
    private receiveBye(socket: WebSocket, bye: Bye): void {
        this.leave();
        this.world.after(BYE_MS, () => socket.close());
        if (bye === "restart") {
            this.retry();
        } else {
            this.end(bye);
        }
    }

    private drop(): void {
        const socket = this.socket;
        this.leave();
        socket?.close();
    }

    /* Forgets the socket and fails what waits for it. */
    private leave(): void {
        this.socket = null;
        this.syncing = false;
        const waiting = [...this.waiting.values()];
        this.waiting.clear();
        for (const each of waiting) {
            each.resolve(null);
        }
    }

    private lost(socket: WebSocket): void {
        if (this.socket !== socket) {
            return;
        }
        this.drop();
        this.retry();
    }

    /* 1 to 5 s at random, so that a hall does not come back in step; longer after many failures. */
    private retry(): void {
        if (this.ended.peek() !== null || this.cancelRetry !== null) {
            return;
        }
        this.attempts += 1;
        this.offlineSince.value ??= this.world.now();
        this.status.value = "offline";
        const patience = Math.min(1 + this.attempts / 10, 4);
        const wait = (1000 + 4000 * this.world.random()) * patience;
        this.cancelRetry = this.world.after(wait, () => void this.open());
    }

    private networkChanged(back: boolean): void {
        if (this.ended.peek() !== null) {
            return;
        }
        const socket = this.socket;
        if (!back && socket !== null) {
            this.lost(socket);
        } else if (back && socket !== null && this.status.peek() === "live") {
            void this.join(socket); /* after sleep a socket may be dead without knowing: ask */
        } else if (back && this.cancelRetry !== null) {
            this.cancelRetry();
            void this.open();
        }
    }
}

const offline: Result = { ok: false, code: "offline", message: "" };

export function connect(options: ConnectOptions): Connection {
    return new Link(options);
}
