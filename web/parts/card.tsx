/* A card: a letter in an empty rhombus, the name, one sentence, accounts with how they were shown, questions.
 * Stands in an element with the class `card`. */

import type { ComponentChildren } from "preact";
import { questionAddress } from "../core/address";
import type { Card, CardAccount } from "../core/people";
import type { Question } from "../core/protocol";
import { t } from "../core/words";
import { Letter, MarkWord } from "./asker";
import { Icon } from "./icon";

/* Breaks before the server only. */
function AccountName({ name }: { name: string }) {
    const at = name.search(/[@.]/);
    return (
        <bdi>
            @{name.slice(0, at)}
            <wbr />
            {name.slice(at)}
        </bdi>
    );
}

interface AccountsProps {
    readonly card: Card;
    readonly beside?: ((account: CardAccount, place: number) => ComponentChildren) | undefined;
}

function Accounts({ card, beside }: AccountsProps) {
    return (
        <ul class="acc">
            {card.accounts.map((account, place) => (
                <li key={account.name}>
                    <div>
                        <p class="h">
                            <a href={account.url} target="_blank" rel="noopener noreferrer nofollow">
                                <AccountName name={account.name} />
                            </a>
                        </p>
                        <MarkWord mark={account.mark} />
                    </div>
                    {beside?.(account, place)}
                </li>
            ))}
            {card.web !== null && (
                <li>
                    <div>
                        <p class="h">
                            <a href={card.web} target="_blank" rel="noopener noreferrer nofollow">
                                <bdi>{card.web.replace(/^https:\/\//, "").replace(/\/$/, "")}</bdi>
                            </a>
                        </p>
                        <MarkWord mark={card.mark} />
                    </div>
                </li>
            )}
        </ul>
    );
}

function Asked({ asked, slug }: { asked: readonly Question[]; slug: string }) {
    return (
        <>
            <p class="asked-l small">{t("parts.card.asked")}</p>
            <ul class="asked">
                {asked.map(({ n, text }) => (
                    <li key={n}>
                        <a href={questionAddress(slug, n)}>
                            <b class="num">#{n}</b>
                            <span class="voice" dir="auto">
                                {text}
                            </span>
                        </a>
                    </li>
                ))}
            </ul>
        </>
    );
}

interface CardProps extends AccountsProps {
    readonly slug: string;
    readonly questions?: ReadonlyMap<number, Question>; /* left out: its questions are not listed */
    readonly children?: ComponentChildren; /* what can be done with it */
}

export function CardView({ card, slug, questions, beside, children }: CardProps) {
    const asked = card.questions.flatMap((n) => {
        const question = questions?.get(n);
        return question === undefined || question.text === null ? [] : [question];
    });
    return (
        <>
            <Letter name={card.name} />
            <div>
                <h3>
                    <bdi>{card.name}</bdi>
                </h3>
                {card.alike && (
                    <p class="st">
                        <Icon name="warn" />
                        {t("parts.card.alike")}
                    </p>
                )}
                {card.line !== null && (
                    <p class="voice" dir="auto">
                        {card.line}
                    </p>
                )}
            </div>
            {(card.accounts.length > 0 || card.web !== null) && <Accounts card={card} beside={beside} />}
            {asked.length > 0 && <Asked asked={asked} slug={slug} />}
            {children}
        </>
    );
}
