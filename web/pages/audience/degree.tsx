/* How far a question may go: three stops on one line, one sentence below in a place of constant height. */

import { useId } from "preact/hooks";
import type { Degree } from "../../core/protocol";
import type { Model } from "../../core/state";
import { t, tn } from "../../core/words";
import { Icon } from "../../parts/icon";
import type { AudiencePage } from "./page";

const SIGNS: Record<Degree, string> = {
    0: "M20 20h.01",
    1: "m18.8 13.5-1.6 13m6.4-13-1.6 13m-8-9.3h13.2m-14 5.6h13.2",
    2: "M23.4 16a3.4 3.4 0 1 1-6.8 0 3.4 3.4 0 1 1 6.8 0M13.8 26.5c0-3.2 2.6-5 6.2-5s6.2 1.8 6.2 5",
};

/* Under the hashtag goes only what an account can carry there. */
export function degreesOf(model: Model): readonly Degree[] {
    return model.event.publish !== "off" && model.accounts.length > 0 ? [0, 1, 2] : [0, 2];
}

function says(model: Model, degree: Degree): string {
    return degree === 1
        ? tn("audience.degree.accounts", model.accounts.length, { hashtag: model.event.hashtags[0] ?? "" })
        : t(`audience.degree.says.${degree}`);
}

/* There is a card that can stand under a question. */
export function cardShown(page: AudiencePage): boolean {
    return page.person?.card.value?.shown === true;
}

/* With which card; where there is none, the button below leads to one. */
export function AsMe({ page }: { page: AudiencePage }) {
    const name = page.person?.card.value?.name ?? "";
    return (
        <p class="hint" role="status">
            <Icon name="people" />
            <span>{cardShown(page) ? t("audience.as_me", { name }) : t("audience.as_me.none")}</span>
        </p>
    );
}

interface DoProps {
    readonly page: AudiencePage;
    readonly nameless: boolean; /* as me, but without a card: that comes first */
    readonly disabled: boolean;
    readonly label: string;
    readonly onDo: () => void;
}

/* One button all along, so that the focus comes back to it from the card. */
export function DoButton({ page, nameless, disabled, label, onDo }: DoProps) {
    const card = page.person?.card.value ?? null;
    return (
        <button
            class="btn btn-act"
            type="button"
            disabled={disabled && !nameless}
            aria-haspopup={nameless ? "dialog" : undefined}
            onClick={nameless ? () => (page.sheet.value = { kind: "card" }) : onDo}
        >
            {nameless ? t(card === null ? "audience.as_me.make" : "audience.as_me.change") : label}
        </button>
    );
}

interface DegreeProps {
    readonly model: Model;
    readonly degrees: readonly Degree[];
    readonly value: Degree;
    readonly legend: boolean; /* false: a heading above says it already */
    readonly back?: boolean; /* something is out there and would be deleted */
    readonly onChange: (degree: Degree) => void;
}

export function DegreeControl({ model, degrees, value, legend, back = false, onChange }: DegreeProps) {
    const name = useId();
    return (
        <fieldset class="deg">
            <legend class={legend ? undefined : "vh"}>{t("audience.degree")}</legend>
            <div class="deg-stops" data-stops={degrees.length}>
                {degrees.map((degree) => (
                    <label key={degree}>
                        <input
                            type="radio"
                            name={name}
                            checked={degree === value}
                            aria-describedby={`${name}-says`}
                            onChange={() => onChange(degree)}
                        />
                        <svg viewBox="0 0 40 40" aria-hidden="true">
                            <path class="shape" d="M20 2 38 20 20 38 2 20z" />
                            <path
                                class="sign"
                                d={SIGNS[degree]}
                                stroke-width={degree === 0 ? 5 : undefined}
                            />
                        </svg>
                        <span>{t(`audience.degree.${degree}`)}</span>
                    </label>
                ))}
            </div>
            <div class="deg-says" id={`${name}-says`} aria-live="polite">
                <p>{says(model, value)}</p>
                {back && value !== 1 ? (
                    <p class="small">{t("audience.degree.back")}</p>
                ) : (
                    value !== 0 && <p class="small">{t(`audience.degree.undo.${value}`)}</p>
                )}
            </div>
        </fieldset>
    );
}
