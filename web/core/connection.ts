/* One browser at one event: fetches the snapshot, holds the socket, lays frames over the model, comes
 * back after every loss. Commands are answered or fail as `offline`; repeating them is the caller's. */

import { signal, type ReadonlySignal } from "@preact/signals";
import type { CommandName, Commands } from "./commands";
import { PAD_BYTES, parseServerMessage, parseSnapshot, SUBPROTOCOL, type Answer, type Bye, type Frame, type Language, type Role } from "./protocol";
import { parsePeople } from "./people";
import { createState, type State } from "./state";
import { padMessage } from "./text";

const BYE_MS = 2_000; /* the server's time to close after its bye */
const PADDED: ReadonlySet<string> = new Set(["ask", "edit", "card", "claim"]);
const ANSWER_MS = 15_000; /* a command unanswered for so long: the connection is dead */
const SNAPSHOT_MS = 60_000; /* a long list through a bad network, once its answer has begun */

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
    /* From now on the model has all cards; they come a moment later. */
    showPeople(): void;
    /* Server's minute now, by the offset learned at the join. */
    minute(): number;
    close(): void;
}

/* The world as the connection sees it; tests bring their own. */
export interface Surroundings {
    readonly origin: string; /* https://raute.example */
    fetch(url: string, init?: RequestInit): Promise<Response>;
    socket(url: string, protocol: string): WebSocket;
    after(ms: number, run: () => void): () => void;
    random(): number;
    now(): number;
    /* Runs when the network may have come back (true) or has surely gone (false). */
    watch(network: (back: boolean) => void): () => void;
}

function browserSurroundings(): Surroundings {
    return {
        origin: location.origin,
        fetch: (url, init) => fetch(url, init),
        socket: (url, protocol) => new WebSocket(url, protocol),
        after(ms, run) {
            const timer = setTimeout(run, ms);
            return () => clearTimeout(timer);
        },
        random: Math.random,
        now: Date.now,
        watch(network) {
            const back = (): void => network(true);
            const gone = (): void => network(false);
            const visible = (): void => {
                if (document.visibilityState === "visible") {
                    network(true);
                }
            };
            addEventListener("online", back);
            addEventListener("offline", gone);
            document.addEventListener("visibilitychange", visible);
            return () => {
                removeEventListener("online", back);
                removeEventListener("offline", gone);
                document.removeEventListener("visibilitychange", visible);
            };
        },
    };
}

interface Waiting {
    resolve(answer: Answer | null): void;
}

class Link implements Connection {
    readonly state = createState();
    readonly status = signal<Status>("connecting");
    readonly offlineSince = signal<number | null>(null);
    readonly ended = signal<Ended | null>(null);

    private readonly world: Surroundings;
    private readonly waiting = new Map<number, Waiting>();
    private readonly unwatch: () => void;
    private socket: WebSocket | null = null;
    private nextId = 1;
    private minuteOffset = 0;
    private cancelRetry: (() => void) | null = null;
    private attempts = 0;
    private people = false;

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
        const { socket } = this;
        if (!this.people) {
            this.people = true;
            if (socket !== null && this.status.peek() === "live") {
                void this.resync(socket);
            }
        }
    }

    minute(): number {
        return Math.floor(this.world.now() / 60_000) + this.minuteOffset;
    }

    close(): void {
        this.unwatch();
        this.cancelRetry?.();
        this.cancelRetry = null;
        this.drop();
    }

    private end(reason: Ended): void {
        this.ended.value = reason;
        this.close();
        this.status.value = "offline";
    }

    /* Snapshot first, unless the model is there already and only the socket was lost. */
    private async open(): Promise<void> {
        this.cancelRetry = null;
        if (this.state.model.peek() === null && !(await this.fetchSnapshot())) {
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
            this.people ? this.fetchPart("people.json") : undefined,
        ]);
        const snapshot = json === null ? null : parseSnapshot(json);
        const cards = typeof people === "string" ? parsePeople(people) : people;
        if (snapshot === null || cards === null || this.ended.peek() !== null) {
            return false;
        }
        this.state.applySnapshot(snapshot, cards);
        return true;
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
            ...(token === null ? {} : { member: token }),
            ...(language === undefined ? {} : { language: language() }),
            since: model.seq,
        });
        if (answer === null || this.socket !== socket) {
            return;
        }
        if ("error" in answer) {
            this.joinRefused(socket, answer.error.code, token !== null);
        } else {
            await this.joined(socket, answer.ok);
        }
    }

    private joinRefused(socket: WebSocket, code: string, hadToken: boolean): void {
        const model = this.state.model.peek();
        if (code === "forbidden" && hadToken && model !== null) {
            this.options.keepMember?.(
                model.event.id,
                null,
            ); /* of a server that lost its secrets: begin anew */
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
        const model = this.state.model.peek();
        if (typeof ok.member === "string" && model !== null) {
            this.options.keepMember?.(model.event.id, ok.member);
        }
        if (typeof ok.minute === "number") {
            this.minuteOffset = ok.minute - Math.floor(this.world.now() / 60_000);
        }
        if (ok.resync === true) {
            await this.resync(socket);
            return;
        }
        this.attempts = 0;
        this.offlineSince.value = null;
        this.status.value = "live";
    }

    private async resync(socket: WebSocket): Promise<void> {
        if ((await this.fetchSnapshot()) && this.socket === socket) {
            await this.join(socket);
        } else {
            this.lost(socket);
        }
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
        }
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
