/* One question on the desk: text, one quiet line, and what can be done to it. */

import { Component } from "preact";
import type { Asker } from "../../core/people";
import { DECLINE_REASONS, type Account, type Publish, type Question } from "../../core/protocol";
import { clockTime, t } from "../../core/words";
import { AskedByName, Letter } from "../../parts/asker";
import { Icon, NowSign, Rhombus, type IconName } from "../../parts/icon";
import { actAllowed, type ActName } from "./acts";
import { AnswerForm } from "./answer";
import { columnOf, type Column } from "./columns";
import type { ModeratorDesk, Written } from "./desk";
import { Nets } from "./nets";
import { openAct, outAllowed, publishAct, type OutName } from "./outside";
import { WarningForm } from "./warning";

export interface RowProps {
    desk: ModeratorDesk;
    n: number;
    question: Question | undefined; /* undefined: withdrawn while selected */
    column: Column;
    selected: boolean;
    busy: boolean;
    opened: boolean;
    composing: Written | null;
    publish: Publish;
    accounts: readonly Account[];
    talk: string | undefined; /* the talk's title, where rows of several stand together */
    language: string; /* redraws when it changes */
}

type ButtonName = ActName | OutName;

/* First the ones that are always at hand, then those behind "more". Those about the way out stand only where they are
   possible. */
const ACTS: Record<Question["state"], readonly [readonly ButtonName[], readonly ButtonName[]]> = {
    pending: [["approve", "decline"], ["warn"]],
    listed: [
        ["now", "answered", "publish"],
        ["answer", "pin", "hide", "restore", "open", "warn"],
    ],
    answering: [
        ["answered", "answer", "publish"],
        ["restore", "pin", "hide", "open", "warn"],
    ],
    answered: [
        ["restore", "publish"],
        ["answer", "hide", "now", "open", "warn"],
    ],
    declined: [["restore"], ["approve"]],
    hidden: [["restore"], ["now", "answered", "answer"]],
};

const isOut = (name: ButtonName): name is OutName => name === "publish" || name === "open" || name === "warn";

export const ACT_KEYS: Record<ButtonName, string> = {
    publish: "s",
    open: "o",
    warn: "c",
    approve: "a",
    decline: "d",
    now: "n",
    answered: "e",
    answer: "w",
    pin: "p",
    hide: "h",
    restore: "r",
};

/* Redrawn only when something of its own changed: a desk may hold thousands of rows. */
export class Row extends Component<RowProps> {
    override shouldComponentUpdate(next: RowProps): boolean {
        return (Object.keys(next) as (keyof RowProps)[]).some((name) => next[name] !== this.props[name]);
    }

    override render() {
        const { desk, n, question, column, selected, busy } = this.props;
        const here = question !== undefined && columnOf(question.state) === column;
        const isNow = here && question.state === "answering";
        const look = `row${isNow ? " is-now" : ""}${column === "done" ? " is-done" : ""}${here ? "" : " is-elsewhere"}`;
        return (
            <li
                class={look}
                id={`${column}-${n}`}
                data-n={n}
                tabIndex={selected ? 0 : -1}
                aria-current={selected ? "true" : undefined}
                aria-busy={busy}
                onClick={() => desk.select(column, n)}
                onFocusIn={() => desk.select(column, n)}
            >
                {isNow && (
                    <p class="st wide">
                        <NowSign />
                        {t("parts.now")}
                    </p>
                )}
                <p class={column === "incoming" ? "voice" : "voice clamp"} dir="auto">
                    {question?.text}
                </p>
                {question !== undefined && column !== "incoming" && question.state !== "declined" && (
                    <p class="sum num">
                        <span class="vh">{t("moderator.row.votes")}</span>
                        <Rhombus />
                        {question.votes}
                    </p>
                )}
                <Meta {...this.props} here={here} />
                {question?.answer != null && this.props.composing !== "answer" && (
                    <p class="voice reply wide" dir="auto">
                        {question.answer}
                    </p>
                )}
                {here && <Acts {...this.props} question={question} isNow={isNow} />}
                {question !== undefined && question.posts.length > 0 && (
                    <Nets {...this.props} question={question} />
                )}
            </li>
        );
    }
}

function Sign({ name, text }: { name: IconName; text: string }) {
    return (
        <strong>
            <Icon name={name} />
            {text}
        </strong>
    );
}

function Meta({ desk, n, question, talk, busy, here, column, selected }: RowProps & { here: boolean }) {
    if (question === undefined) {
        return (
            <p class="meta wide">
                <Sign name="undo" text={t("moderator.row.gone")} />
            </p>
        );
    }
    return (
        <p class="meta wide">
            {!here && (
                <Sign
                    name="turn"
                    text={t("moderator.row.elsewhere", { state: t(`moderator.state.${question.state}`) })}
                />
            )}
            {here && column === "done" && <Outcome question={question} />}
            <span class="num">
                #{n}, {clockTime(question.minute)}
            </span>
            {question.edited && <Sign name="pencil" text={t("moderator.row.edited")} />}
            {question.pinned && <Sign name="pin" text={t("moderator.row.pinned")} />}
            {question.degree > 0 && !question.posts.some((post) => post.kind === "question") && (
                <Sign
                    name="out"
                    text={t(question.degree === 1 ? "moderator.row.degree.1" : "moderator.row.degree.2")}
                />
            )}
            {question.warning !== null && (
                <Sign name="warn" text={t("moderator.row.warning", { text: question.warning })} />
            )}
            {question.card !== null && <AskedBy desk={desk} asker={question.card} selected={selected} />}
            {talk !== undefined && <span>{talk}</span>}
            {busy && <Sign name="clock" text={t("moderator.row.busy")} />}
        </p>
    );
}

/* In the selected row it leads to the card. */
function AskedBy({ desk, asker, selected }: { desk: ModeratorDesk; asker: Asker; selected: boolean }) {
    const inside = (
        <>
            <Letter name={asker.name} />
            <span>
                <AskedByName name={asker.name} />
            </span>
        </>
    );
    return selected ? (
        <button
            class="btn btn-text asker"
            type="button"
            onClick={(event) => {
                event.stopPropagation();
                desk.person.value = asker.name;
            }}
        >
            {inside}
        </button>
    ) : (
        <span class="asker">{inside}</span>
    );
}

function Outcome({ question }: { question: Question }) {
    if (question.state === "declined") {
        const reason = t(`moderator.reason.${question.reason ?? "other"}`);
        return <Sign name="close" text={t("moderator.state.declined.why", { reason })} />;
    }
    if (question.state === "hidden") {
        return <Sign name="close" text={t("moderator.state.hidden")} />;
    }
    const written = question.answer !== null;
    return (
        <Sign
            name="check"
            text={t(written ? "moderator.state.answered.written" : "moderator.state.answered.spoken")}
        />
    );
}

function actLabel(name: ButtonName, question: Question): string {
    if (isOut(name)) {
        return t(name === "open" && question.open ? "moderator.act.close" : `moderator.act.${name}`);
    }
    if (name === "restore") {
        return question.state === "listed" || question.state === "declined"
            ? t("moderator.act.restore.pending")
            : t("moderator.act.restore.listed");
    }
    if (name === "pin" && question.pinned) {
        return t("moderator.act.unpin");
    }
    return name === "answer" && question.answer !== null
        ? t("moderator.act.answer.edit")
        : t(`moderator.act.${name}`);
}

type ActsProps = RowProps & { question: Question; isNow: boolean };

function Acts(props: ActsProps) {
    const { desk, n, question, column, selected, opened, composing, isNow } = props;
    if (composing !== null) {
        return composing === "answer" ? (
            <AnswerForm desk={desk} question={question} />
        ) : (
            <WarningForm desk={desk} question={question} />
        );
    }
    const outside = { publish: props.publish, accounts: props.accounts };
    const [main, more] = ACTS[question.state].map((names) =>
        names.filter((name) => !isOut(name) || outAllowed(name, question, outside)),
    ) as [ButtonName[], ButtonName[]];
    const declines = actAllowed("decline", question);
    return (
        <>
            <div class={`acts wide${selected || isNow ? "" : " touch"}`}>
                {main.map((name, place) => (
                    <ActButton
                        key={name}
                        {...props}
                        name={name}
                        primary={place === 0 && name === "approve"}
                    />
                ))}
                {(more.length > 0 || declines) && (
                    <button
                        class="btn btn-icon"
                        type="button"
                        aria-expanded={opened}
                        aria-label={t(opened ? "moderator.row.fewer" : "moderator.row.more", {
                            n: String(n),
                        })}
                        onClick={() => desk.toggleMore(column, n)}
                    >
                        <Icon name={opened ? "close" : "more"} />
                    </button>
                )}
            </div>
            {opened && more.length > 0 && (
                <div class="acts wide">
                    {more.map((name) => (
                        <ActButton key={name} {...props} name={name} primary={false} />
                    ))}
                </div>
            )}
            {opened && declines && <Reasons desk={desk} n={n} />}
        </>
    );
}

function ActButton({
    desk,
    n,
    question,
    name,
    primary,
    busy,
}: ActsProps & { name: ButtonName; primary: boolean }) {
    function press() {
        if (name === "answer") {
            desk.compose(n);
        } else if (name === "warn") {
            desk.compose(n, "warning");
        } else if (isOut(name)) {
            desk.actOutside(n, name === "publish" ? publishAct : openAct);
        } else {
            desk.act(name, n);
        }
    }
    return (
        <button
            class={`btn${primary ? " btn-act" : ""}`}
            type="button"
            disabled={busy}
            aria-keyshortcuts={ACT_KEYS[name]}
            onClick={(event) => {
                event.stopPropagation();
                press();
            }}
        >
            {actLabel(name, question)} <kbd aria-hidden="true">{ACT_KEYS[name]}</kbd>
        </button>
    );
}

function Reasons({ desk, n }: { desk: ModeratorDesk; n: number }) {
    return (
        <div class="wide reasons" role="group" aria-label={t("moderator.reason")}>
            <p class="small">{t("moderator.reason")}</p>
            <div class="acts">
                {DECLINE_REASONS.map((reason, place) => (
                    <button
                        key={reason}
                        class="btn"
                        type="button"
                        onClick={(event) => {
                            event.stopPropagation();
                            desk.act("decline", n, { reason });
                        }}
                    >
                        {t(`moderator.reason.${reason}`)} <kbd aria-hidden="true">{place + 1}</kbd>
                    </button>
                ))}
            </div>
        </div>
    );
}
