/* What the page of people holds between drawings: the connection, the list that stands still, who is
 * ticked, and from where the reader follows others. */

import { computed, effect, signal, untracked, type ReadonlySignal } from "@preact/signals";
import { connect, type Connection } from "../../core/connection";
import { keepHome, keptHome, type FollowHome } from "../../core/follow";
import type { Model } from "../../core/state";
import { eventStore, forgetOldEvents, type EventStore } from "../../core/storage";
import type { Person } from "../../core/take_home";
import { language } from "../../core/words";
import { found, peopleOf, type People } from "./listing";

const MINUTES_A_DAY = 1440;
const NOBODY: People = new Map();

/* Behind the `#`, or the last part of a card's own address. */
function wantedTag(): string | null {
    return (
        /^#([\w-]{11})$/.exec(location.hash)?.[1] ??
        /\/people\/([\w-]{11})$/.exec(location.pathname)?.[1] ??
        null
    );
}

export class PeoplePage {
    readonly connection: Connection;
    readonly people = signal<People>(NOBODY); /* everybody, as of now */
    readonly shown = signal<readonly string[]>(
        [],
    ); /* tags, in the order of the last tap that let the list move */
    readonly query = signal("");
    readonly ticks = signal<ReadonlySet<string>>(new Set());
    readonly home = signal<FollowHome | null>(keptHome());
    readonly following = signal<{ readonly account: string | null } | null>(
        null,
    ); /* the sheet; null: no account */
    readonly menu = signal(false);
    readonly wanted = signal<string | null>(wantedTag()); /* the card that a link leads to */
    readonly said = signal(""); /* for screen readers */
    readonly minute = signal(Math.floor(Date.now() / 60_000));

    private store: EventStore | null = null;

    constructor(readonly slug: string) {
        this.connection = connect({
            slug,
            role: "audience",
            language: () => language.peek(),
            member: (event) => eventStore(event).get("member"),
            keepMember: (event, token) =>
                token === null ? eventStore(event).remove("member") : eventStore(event).set("member", token),
        });
        this.connection.showPeople();
        effect(() => this.follow());
        addEventListener("hashchange", () => {
            this.query.value = "";
            this.wanted.value = wantedTag();
        });
        setInterval(() => {
            this.minute.value = this.connection.minute();
        }, 10_000);
    }

    get model(): Model | null {
        return this.connection.state.model.value;
    }

    readonly ready: ReadonlySignal<boolean> = computed(
        () => this.model !== null && this.connection.people.value,
    );

    readonly over: ReadonlySignal<boolean> = computed(
        () => this.model !== null && this.minute.value >= this.model.event.end,
    );

    /* When everything personal is deleted. */
    readonly until: ReadonlySignal<number> = computed(() =>
        this.model === null ? 0 : this.model.event.end + this.model.event.retention * MINUTES_A_DAY,
    );

    /* Cards that the list does not have yet. */
    readonly fresh: ReadonlySignal<number> = computed(() => {
        const shown = new Set(this.shown.value);
        return [...this.people.value.keys()].filter((tag) => !shown.has(tag)).length;
    });

    /* Null: the search is empty. */
    readonly hits: ReadonlySignal<readonly Person[] | null> = computed(() =>
        this.query.value.trim() === "" ? null : found(this.people.value.values(), this.query.value),
    );

    readonly ticked: ReadonlySignal<readonly Person[]> = computed(() =>
        [...this.people.value.values()].filter(({ card }) => this.ticks.value.has(card.tag)),
    );

    /* The tap that lets the list move. */
    refresh(): void {
        this.shown.value = [...this.people.peek().keys()];
    }

    search(query: string): void {
        this.query.value = query;
        this.refresh();
    }

    tick(tag: string, on: boolean): void {
        const ticks = new Set(this.ticks.peek());
        if (on) {
            ticks.add(tag);
        } else {
            ticks.delete(tag);
        }
        this.ticks.value = ticks;
        this.store?.write("ticks", [...ticks]);
    }

    settle(home: FollowHome): void {
        keepHome(home);
        this.home.value = home;
    }

    private readTicks(): void {
        const kept = this.store?.read<unknown>("ticks", []);
        this.ticks.value = new Set(Array.isArray(kept) ? kept.map(String) : []);
    }

    private openStore(model: Model): void {
        this.minute.value = this.connection.minute();
        forgetOldEvents(this.minute.peek());
        this.store = eventStore(model.event.id);
        this.store.set("until", String(this.until.peek()));
        this.store.watch(() => this.readTicks());
        this.readTicks();
    }

    /* The list is taken once all cards are here, and while nobody stands in it. */
    private follow(): void {
        const { model } = this;
        if (model === null || !this.ready.value) {
            return;
        }
        untracked(() => {
            if (this.store === null) {
                this.openStore(model);
            }
            this.people.value = peopleOf(model, this.people.peek());
            if (!this.shown.peek().some((tag) => model.cards.has(tag))) {
                this.refresh();
            }
        });
    }
}
