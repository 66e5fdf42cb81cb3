/* One column of the desk. After each drawing the row under the pointer, or else the selected one, is where it was:
   what comes in above it scrolls away instead of pushing it down. */

import { Component, createRef } from "preact";
import type { Account } from "../../core/protocol";
import { language, t, tn } from "../../core/words";
import { Choice } from "../../parts/choice";
import { Figure, Icon } from "../../parts/icon";
import type { Column } from "./columns";
import type { ModeratorDesk } from "./desk";
import { Row } from "./row";

const ROWS_STEP = 100; /* more are shown when asked for */
const GLIDE_MS = 240;
const NONE: readonly Account[] = [];

interface ColumnProps {
    desk: ModeratorDesk;
    column: Column;
}

/* Where things stood before the drawing. */
interface Places {
    readonly anchor: { readonly id: string; readonly top: number; readonly isNow: boolean } | null;
    readonly tops: ReadonlyMap<string, number> | null; /* all rows; only when they are to glide */
}

export class ColumnView extends Component<ColumnProps, { limit: number }> {
    override state = { limit: ROWS_STEP };
    private readonly box = createRef<HTMLElement>();
    private lastGlide = 0;
    private lastRest = 0;

    private rowElements(): HTMLElement[] {
        return [...(this.box.current?.querySelectorAll<HTMLElement>(".row") ?? [])];
    }

    override getSnapshotBeforeUpdate(): Places {
        const box = this.box.current;
        if (box === null || box.clientHeight === 0) {
            return { anchor: null, tops: null }; /* phones show one column */
        }
        const top = (row: HTMLElement) => row.getBoundingClientRect().top;
        const row =
            box.querySelector<HTMLElement>(".row:hover") ??
            box.querySelector<HTMLElement>('.row[aria-current="true"]');
        const gliding = this.props.desk.glide.peek() !== this.lastGlide;
        return {
            anchor: row && { id: row.id, top: top(row), isNow: row.classList.contains("is-now") },
            tops: gliding ? new Map(this.rowElements().map((each) => [each.id, top(each)])) : null,
        };
    }

    override componentDidUpdate(_props: ColumnProps, _state: unknown, before: Places): void {
        const { glide, rests } = this.props.desk;
        this.lastGlide = glide.peek();
        if (before.tops !== null) {
            this.glide(before.tops);
        } else {
            this.hold(before.anchor);
        }
        if (this.lastRest !== rests.peek()) {
            this.lastRest = rests.peek();
            this.returnToTop();
        }
    }

    private hold(anchor: Places["anchor"]): void {
        const row = anchor === null ? null : document.getElementById(anchor.id);
        if (anchor === null || row === null || this.box.current === null) {
            return;
        }
        /* A row that became the one being answered, or ceased to be, is meant to move. */
        if (row.classList.contains("is-now") === anchor.isNow) {
            this.box.current.scrollTop += row.getBoundingClientRect().top - anchor.top;
        }
    }

    /* At rest a column that holding its anchor had pushed a little way down goes back up, if nobody is in it and the
       selected row stays in sight. */
    private returnToTop(): void {
        const box = this.box.current;
        if (box === null || box.matches(":hover") || box.scrollTop > box.clientHeight / 2) {
            return;
        }
        const selected = box.querySelector('[aria-current="true"]')?.getBoundingClientRect();
        if (selected === undefined || selected.bottom + box.scrollTop <= box.getBoundingClientRect().bottom) {
            box.scrollTop = 0;
        }
    }

    private glide(tops: ReadonlyMap<string, number>): void {
        if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
            return;
        }
        for (const row of this.rowElements()) {
            const old = tops.get(row.id);
            const by = old === undefined ? 0 : old - row.getBoundingClientRect().top;
            if (by !== 0) {
                row.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], {
                    duration: GLIDE_MS,
                    easing: "cubic-bezier(.2, .7, .2, 1)",
                });
            }
        }
    }

    override render() {
        const { desk, column } = this.props;
        const shown = desk.desk.value;
        void desk.rests.value; /* to be drawn, and so looked at, at each rest */
        const rows = desk.rows(column);
        const fresh = column === "incoming" ? (shown?.fresh.length ?? 0) : 0;
        const selection = desk.selection.value;
        const selected = selection?.column === column ? rows.indexOf(selection.n) : -1;
        const limit = Math.max(this.state.limit, selected + 2);
        const heading = `head-${column}`;
        const total = (shown?.[column].length ?? 0) + fresh;
        return (
            <section
                class="col"
                id={`col-${column}`}
                ref={this.box}
                data-open={desk.tab.value === column ? "" : undefined}
                aria-labelledby={heading}
                tabIndex={0}
            >
                <div class="col-top">
                    <div class="col-head">
                        <h2 id={heading}>
                            {t(`moderator.column.${column}`)} <span class="num">{total}</span>
                        </h2>
                        {column === "list" && <OrderChoice desk={desk} />}
                    </div>
                    {fresh > 0 && (
                        <button class="above" type="button" onClick={() => desk.reveal()}>
                            <Icon name="up" />
                            {tn("moderator.fresh", fresh)}
                        </button>
                    )}
                </div>
                {rows.length === 0 ? (
                    <Empty desk={desk} column={column} />
                ) : (
                    <ol>{rows.slice(0, limit).map((n) => this.row(n))}</ol>
                )}
                {rows.length > limit && (
                    <button class="btn more-rows" type="button" onClick={() => this.showMore()}>
                        {t("moderator.more_rows")}
                    </button>
                )}
            </section>
        );
    }

    private showMore(): void {
        this.setState({ limit: this.state.limit + ROWS_STEP });
    }

    private row(n: number) {
        const { desk, column } = this.props;
        const model = desk.model.value;
        const question = model?.questions.get(n);
        const selection = desk.selection.value;
        const selected = selection?.column === column && selection.n === n;
        const mixed = column === "incoming" || desk.scope.value === "all";
        const elsewhere = question !== undefined && mixed && question.talk !== model?.current;
        return (
            <Row
                key={n}
                desk={desk}
                n={n}
                question={question}
                column={column}
                selected={selected}
                busy={desk.doing.busy.value.has(n)}
                opened={selected && desk.opened.value === n}
                composing={selected && desk.composing.value?.n === n ? desk.composing.value.what : null}
                publish={model?.event.publish ?? "off"}
                accounts={model?.accounts ?? NONE}
                talk={elsewhere ? model?.talks.find((talk) => talk.id === question.talk)?.title : undefined}
                language={language.value}
            />
        );
    }
}

function OrderChoice({ desk }: { desk: ModeratorDesk }) {
    return (
        <Choice
            label={t("moderator.order")}
            options={(["top", "fair", "new"] as const).map((value) => ({
                value,
                text: t(`moderator.order.${value}`),
            }))}
            value={desk.order.value}
            onChange={(order) => desk.chooseOrder(order)}
        />
    );
}

function Empty({ desk, column }: { desk: ModeratorDesk; column: Column }) {
    if (desk.search.value) {
        return <p class="nothing small">{t("moderator.empty.search")}</p>;
    }
    const after = column === "incoming" && desk.model.value?.event.moderation === "after";
    return (
        <div class="nothing">
            {column !== "done" && <Figure kind="empty" />}
            <p class="nothing-head">{t(`moderator.empty.${column}`)}</p>
            <p class="small">
                {t(after ? "moderator.empty.incoming.after" : `moderator.empty.${column}.says`)}
            </p>
        </div>
    );
}
