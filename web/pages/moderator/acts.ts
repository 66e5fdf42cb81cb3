/* What a moderator may do to a question, and the way back: each act names the state expected and the state wanted,
   its undo is the same the other way round. What is to be shown names the revision that was read. Pure. */

import type { Commands } from "../../core/commands";
import type { DeclineReason, Question, QuestionState } from "../../core/protocol";

type StepOf<N extends keyof Commands> = N extends N ? { readonly cmd: N } & Readonly<Commands[N]> : never;
export type Step = StepOf<"move" | "pin" | "publish" | "open" | "warn" | "post_retry" | "post_drop">;

export type ActName = "approve" | "decline" | "now" | "answered" | "answer" | "pin" | "hide" | "restore";

export interface Act {
    readonly name: ActName;
    readonly n: number;
    readonly forward: Step;
    readonly back: readonly Step[];
    readonly to: QuestionState;
    readonly reason?: DeclineReason;
}

const SHOWN: readonly QuestionState[] = ["listed", "answering", "answered"];

/* Where `restore` leads from each state. */
const RESTORED: Partial<Record<QuestionState, QuestionState>> = {
    listed: "pending",
    answering: "listed",
    answered: "listed",
    declined: "pending",
    hidden: "listed",
};

const TARGETS: Record<
    Exclude<ActName, "pin" | "restore">,
    { from: readonly QuestionState[]; to: QuestionState }
> = {
    approve: { from: ["pending", "declined"], to: "listed" },
    decline: { from: ["pending", "listed"], to: "declined" },
    now: { from: ["listed", "answered", "hidden"], to: "answering" },
    answered: { from: ["listed", "answering", "hidden"], to: "answered" },
    answer: { from: ["listed", "answering", "answered", "hidden"], to: "answered" },
    hide: { from: ["listed", "answering", "answered"], to: "hidden" },
};

export function actAllowed(name: ActName, question: Question): boolean {
    if (name === "pin") {
        return question.state === "listed" || question.state === "answering";
    }
    if (name === "restore") {
        return RESTORED[question.state] !== undefined;
    }
    return TARGETS[name].from.includes(question.state);
}

export interface ActDetails {
    readonly reason?: DeclineReason;
    readonly answer?: string;
    /* The question that is being answered; `now` will end it. */
    readonly answering?: Question;
}

function move({ n, rev }: Question, from: QuestionState, to: QuestionState) {
    return { cmd: "move", n, from, to, ...(SHOWN.includes(to) ? { rev } : {}) } as const;
}

/* A step that leads to the state that `question` has now. */
function stepTo(question: Question, from: QuestionState): Step {
    const step = move(question, from, question.state);
    if (question.state === "declined") {
        return { ...step, reason: question.reason ?? "other" };
    }
    return question.state === "answered" && question.answer !== null
        ? { ...step, answer: question.answer }
        : step;
}

function backSteps(question: Question, to: QuestionState, ended: Question | undefined): Step[] {
    const back: Step[] = [stepTo(question, to)];
    if (ended !== undefined && ended.n !== question.n) {
        back.push(move(ended, "answered", "answering"));
    }
    if (question.pinned && to !== "answering" && to !== "listed") {
        back.push({ cmd: "pin", n: question.n, on: true });
    }
    return back;
}

/* `question.rev` is that of the text that was read. Null when the question's state does not allow it. */
export function actOn(name: ActName, question: Question, details: ActDetails = {}): Act | null {
    if (!actAllowed(name, question)) {
        return null;
    }
    const { n, state: from } = question;
    if (name === "pin") {
        return {
            name,
            n,
            forward: { cmd: "pin", n, on: !question.pinned },
            back: [{ cmd: "pin", n, on: question.pinned }],
            to: from,
        };
    }
    const to = name === "restore" ? (RESTORED[from] ?? from) : TARGETS[name].to;
    const reason = name === "decline" ? (details.reason ?? "other") : undefined;
    const answer = name === "answer" ? details.answer : undefined;
    const forward: Step = {
        ...move(question, from, to),
        ...(reason === undefined ? {} : { reason }),
        ...(answer === undefined ? {} : { answer }),
    };
    const back = backSteps(question, to, name === "now" ? details.answering : undefined);
    return { name, n, forward, back, to, ...(reason === undefined ? {} : { reason }) };
}
