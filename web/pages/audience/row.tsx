/* One question: text first, housekeeping below, the vote under the thumb. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Account, Question } from "../../core/protocol";
import type { Model } from "../../core/state";
import { language, t, tn } from "../../core/words";
import { Icon, NowSign, Rhombus } from "../../parts/icon";
import { Vote } from "../../parts/vote";
import { OutLinks, QuestionFoot } from "./foot";
import type { AudiencePage } from "./page";
import { pure } from "../../parts/pure";

const MAYBE_LONG_LETTERS = 160; /* shorter ones never fill six lines */

/* Six lines, and a button for the rest where there is more. */
export function QuestionText({ text }: { text: string }) {
    const element = useRef<HTMLParagraphElement>(null);
    const [whole, setWhole] = useState(false);
    const [cut, setCut] = useState(false);
    const maybeLong = text.length > MAYBE_LONG_LETTERS;
    useLayoutEffect(() => {
        const shown = element.current;
        setCut(maybeLong && shown !== null && shown.scrollHeight > shown.clientHeight + 4);
    }, [text, maybeLong]);
    return (
        <>
            <p class="q-text" dir="auto" ref={element} data-clamp={maybeLong && !whole ? "" : undefined}>
                {text}
            </p>
            {cut && (
                <button
                    class="btn btn-text q-more"
                    type="button"
                    aria-expanded={whole}
                    onClick={() => setWhole(!whole)}
                >
                    {t(whole ? "audience.less" : "audience.whole")}
                </button>
            )}
        </>
    );
}

export function WrittenAnswer({ text }: { text: string }) {
    return (
        <div class="answer">
            <p class="st">
                <Icon name="check" />
                {t("audience.answered.written")}
            </p>
            <p class="voice" dir="auto">
                {text}
            </p>
        </div>
    );
}

interface RowProps {
    readonly page: AudiencePage;
    readonly question: Question;
    readonly votes: number;
    readonly given: boolean;
    readonly own: string | null; /* what became of one's own; null: somebody else's */
    readonly votable: boolean;
    readonly accounts: readonly Account[];
    readonly tag: string;
    readonly interested: boolean;
    readonly acts?: ComponentChildren; /* what can be done about one's own */
    readonly language: string; /* only so that a switch draws anew */
}

function RowVote({ page, question, votes, given, votable }: RowProps) {
    const label = t(given ? "parts.vote.given" : "parts.vote.give", {
        n: String(question.n),
        votes: tn("parts.votes", votes),
    });
    return (
        <Vote
            votes={votes}
            given={given}
            label={label}
            disabled={!votable}
            onToggle={() => page.mayTakePart() && page.outbox?.vote(question.n, !given, question.votes)}
        />
    );
}

/* That it is one's own, what became of it, and where it is out there. */
function OwnMark({ own, question, accounts }: Pick<RowProps, "own" | "question" | "accounts">) {
    return (
        <p class="st">
            <Rhombus />
            <span>
                {own}
                {question.posts.length > 0 && (
                    <>
                        {", "}
                        <OutLinks posts={question.posts} accounts={accounts} />
                    </>
                )}
            </span>
        </p>
    );
}

type FootProps = Pick<RowProps, "page" | "question" | "accounts" | "tag" | "own" | "interested">;

function Foot({ page, question, accounts, tag, own, interested, says }: FootProps & { says?: string }) {
    const share = (): void => void (page.sheet.value = { kind: "share", n: question.n });
    return (
        <QuestionFoot
            question={question}
            slug={page.slug}
            says={says}
            out={own === null ? { accounts, tag, share } : undefined}
            interest={{
                mine: interested,
                open: () => (page.sheet.value = { kind: "interest", n: question.n }),
            }}
        />
    );
}

export const ListedRow = pure((props: RowProps) => (
    <>
        {props.own !== null && <OwnMark {...props} />}
        <div>
            <QuestionText text={props.question.text ?? ""} />
            <Foot {...props} />
        </div>
        <RowVote {...props} />
    </>
));

export const NowRow = pure((props: RowProps) => (
    <section class="q q-now" id={`q${props.question.n}`} aria-label={t("parts.now")}>
        <p class="st">
            <NowSign />
            {t("parts.now")}
            {props.own !== null && `, ${props.own}`}
        </p>
        <div>
            <QuestionText text={props.question.text ?? ""} />
            <Foot {...props} own={null} />
            {props.acts}
        </div>
        <RowVote {...props} />
    </section>
));

export const AnsweredRow = pure((props: Omit<RowProps, "votes" | "given" | "votable">) => {
    const { question, own, acts } = props;
    return (
        <li class={own === null ? "q q-done" : "q q-done q-own"} id={`q${question.n}`}>
            {own !== null && <OwnMark {...props} />}
            <div>
                <QuestionText text={question.text ?? ""} />
                <Foot {...props} says={tn("parts.votes", question.votes)} />
                {acts}
            </div>
            {question.answer !== null && <WrittenAnswer text={question.answer} />}
        </li>
    );
});

/* Keeps the place of a question that left the list, until the next tap that lets the list move. */
export function LeftRow({ question, n, slug }: { question: Question | undefined; n: number; slug: string }) {
    if (question === undefined || question.text === null) {
        return <p class="q-left small">{t("audience.left", { n: String(n) })}</p>;
    }
    return (
        <div class="q-left">
            <QuestionText text={question.text} />
            <QuestionFoot
                question={question}
                slug={slug}
                says={t(question.state === "answering" ? "audience.answering" : "audience.answered")}
            />
        </div>
    );
}

export function rowProps(
    page: AudiencePage,
    model: Model,
    question: Question,
    own: string | null,
): Omit<RowProps, "acts"> {
    const outbox = page.outbox;
    return {
        page,
        question,
        votes: outbox?.shownVotes(question.n, question.votes) ?? question.votes,
        given: outbox?.given(question.n) ?? false,
        own,
        votable: page.talk.value?.open === true && !page.over.value,
        accounts: model.accounts,
        tag: model.event.hashtags[0] ?? "",
        interested: page.person?.interests.value.has(question.n) === true,
        language: language.value,
    };
}
