/* The picture on the wall. Three layouts in one frame: a question being answered, the list, nothing yet. */

import { Component, createRef, type ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Asker } from "../../core/people";
import type { Question } from "../../core/protocol";
import type { Model } from "../../core/state";
import { clockTime, language, number, t, tn } from "../../core/words";
import { AskedByName, Letter, MarkWord } from "../../parts/asker";
import { Hashtag } from "../../parts/hashtag";
import { Icon, NowSign, Rhombus } from "../../parts/icon";
import { Qr } from "../../parts/qr";
import { fitStage } from "./fit";
import { outOn, showOf, type Show } from "./show";

const ORDER_MS = 4000;
const FEW = 3; /* so few questions may stand on more lines */

interface BoardProps {
    model: Model;
    offlineSince: number | null; /* minute */
}

export function Board({ model, offlineSince }: BoardProps) {
    const stage = useRef<HTMLElement>(null);
    const show = useCalmOrder(showOf(model));
    const layout = show.now !== undefined ? "now" : show.next.length > 0 ? "list" : "empty";
    const facts = `${model.present} ${show.count} ${offlineSince} ${language.value}`;

    const fit = () => stage.current && fitStage(stage.current);
    useLayoutEffect(() => {
        fit();
    }, [
        layout,
        show.now?.n,
        show.now?.text,
        show.now?.posts.length,
        show.now?.card?.name,
        show.next.length,
        model.event,
        show.address,
        facts,
    ]);
    useEffect(() => {
        addEventListener("resize", fit);
        return () => removeEventListener("resize", fit);
    }, []);

    return (
        <main class={`stage is-${layout}`} ref={stage}>
            <header class="st-head">
                <h1>
                    <Hashtag tag={model.event.hashtags[0] ?? model.event.title} oneLine />
                </h1>
                <Facts model={model} show={show} offlineSince={offlineSince} />
            </header>
            {show.now !== undefined && (
                <Now question={show.now} lang={model.event.language} out={outOn(show.now, model.accounts)} />
            )}
            {layout === "empty" && <Invitation />}
            {show.next.length > 0 && (
                <section class="st-next" aria-labelledby="next">
                    <h2 class={layout === "list" ? "st" : "vh"} id="next">
                        {t(layout === "list" ? "stage.list" : "stage.next")}
                    </h2>
                    <ol data-few={show.next.length <= FEW ? "" : undefined}>
                        {show.next.map((question) => (
                            <li key={question.n}>
                                <b>
                                    <span class="vh">{t("stage.votes")}</span>
                                    <Rhombus />
                                    {number(question.votes)}
                                </b>
                                <p dir="auto" lang={model.event.language}>
                                    {question.text}
                                </p>
                                <Out networks={outOn(question, model.accounts)} short />
                            </li>
                        ))}
                    </ol>
                </section>
            )}
            <aside class="st-side" aria-label={t("stage.join")}>
                <Qr text={show.link} label={t("parts.qr", { address: show.address })} />
                <p class="addr">{show.address}</p>
                <p class="how">{t(show.talk?.open === false ? "stage.closed" : "stage.how")}</p>
                <p class="talk">
                    <span>{show.talk?.title}</span>
                </p>
            </aside>
        </main>
    );
}

/* Votes alone change the order of the next ones only every few seconds. */
function useCalmOrder(show: Show): Show {
    const kept = useRef<{ readonly next: readonly Question[]; readonly since: number }>({
        next: [],
        since: 0,
    });
    const [, redraw] = useState(0);
    const wanted = new Map(show.next.map((question) => [question.n, question]));
    const same =
        kept.current.next.length === wanted.size &&
        kept.current.next.every((question) => wanted.has(question.n));
    const wait = kept.current.since + ORDER_MS - performance.now();
    if (!same || wait <= 0) {
        kept.current = { next: show.next, since: performance.now() };
    }
    useEffect(() => {
        const timer = setTimeout(() => redraw((count) => count + 1), Math.max(wait, 0));
        return () => clearTimeout(timer);
    }, [show.next.map((question) => question.n).join()]);
    return { ...show, next: kept.current.next.map((question) => wanted.get(question.n) ?? question) };
}

function Facts({ model, show, offlineSince }: BoardProps & { show: Show }) {
    const few = model.present === 0;
    return (
        <p class="st-facts num">
            {offlineSince !== null && (
                <span class="st-offline" role="status">
                    <Icon name="offline" />
                    {t("stage.offline", { time: clockTime(offlineSince) })}
                </span>
            )}
            <span>
                <b>{few ? t("stage.present.few") : number(model.present)}</b>{" "}
                {few ? t("stage.present.many") : tn("stage.present", model.present)}
            </span>
            <span>
                <b>{number(show.count)}</b> {tn("stage.questions", show.count)}
            </span>
        </p>
    );
}

/* The discreet mark of what is also on open networks; `short` leaves the names to those who listen. */
function Out({ networks, short = false }: { networks: string; short?: boolean }) {
    if (networks === "") {
        return null;
    }
    return (
        <span class="st-out">
            <Icon name="out" />
            <span class={short ? "vh" : undefined}>{t("stage.out", { networks })}</span>
        </span>
    );
}

/* Who asked, where they said so. */
function By({ asker }: { asker: Asker }) {
    return (
        <p class="st-by">
            <Letter name={asker.name} />
            <span class="name">
                <AskedByName name={asker.name} />
            </span>
            <MarkWord mark={asker.mark} />
        </p>
    );
}

function Now({ question, lang, out }: { question: Question; lang: string; out: string }) {
    return (
        <section class="st-main" aria-labelledby="now-head">
            <h2 class="st" id="now-head">
                <NowSign />
                {t("parts.now")} <span class="num">{tn("parts.votes", question.votes)}</span>
            </h2>
            <CrossFade name={`${question.n}/${question.rev}`}>
                <p data-fit dir="auto" lang={lang}>
                    {question.text}
                </p>
            </CrossFade>
            <div class="st-foot">
                {question.card !== null && <By asker={question.card} />}
                <Out networks={out} />
            </div>
        </section>
    );
}

interface CrossFadeProps {
    name: string; /* what is shown; another name: something else */
    children: ComponentChildren;
}

/* When `name` changes, a copy of the old content fades out above the new one as that fades in. */
class CrossFade extends Component<CrossFadeProps> {
    private readonly box = createRef<HTMLDivElement>();

    override getSnapshotBeforeUpdate(before: CrossFadeProps): HTMLElement | null {
        const old = this.box.current;
        if (old === null || before.name === this.props.name) {
            return null;
        }
        const ghost = old.cloneNode(true) as HTMLElement;
        ghost.style.top = `${old.offsetTop}px`;
        ghost.style.height = `${old.offsetHeight}px`;
        return ghost;
    }

    override componentDidUpdate(_props: CrossFadeProps, _state: unknown, ghost: HTMLElement | null): void {
        if (ghost !== null) {
            ghost.classList.add("st-ghost");
            ghost.setAttribute("aria-hidden", "true");
            ghost.querySelector("[data-fit]")?.removeAttribute("data-fit");
            ghost.addEventListener("animationend", () => ghost.remove());
            this.box.current?.parentElement?.append(ghost);
        }
    }

    override render({ name, children }: CrossFadeProps) {
        return (
            <div class="st-box" key={name} ref={this.box}>
                {children}
            </div>
        );
    }
}

function Invitation() {
    return (
        <section class="st-invite">
            <p class="voice">{t("stage.empty")}</p>
            <p>{t("stage.empty.how")}</p>
        </section>
    );
}
