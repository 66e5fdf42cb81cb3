/* One setting: label, what it means, control, and what became of the last change. A change is saved when the field is
   left or Enter is pressed. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../../core/words";
import { Icon } from "../../parts/icon";

/* The sentence of the refusal, or null when it is saved. */
export type Save<V> = (value: V) => Promise<string | null>;

type Saving =
    | { readonly kind: "rest" | "dirty" | "saving" | "saved" }
    | { readonly kind: "error"; readonly says: string };

const SAVED_MS = 4000;

interface FieldOf<V> {
    readonly draft: V;
    readonly state: Saving;
    edit(value: V): void;
    commit(value?: V): void;
}

/* The server's value, the reader's draft over it, and the way from one to the other. */
export function useField<V extends string>(value: V, save: Save<V>): FieldOf<V> {
    const [draft, setDraft] = useState<V>(value);
    const [state, setState] = useState<Saving>({ kind: "rest" });
    const wanted = useRef(draft);

    useEffect(() => {
        if (state.kind !== "dirty") {
            setDraft(value);
            wanted.current = value;
            setState((now) => (now.kind === "error" ? { kind: "rest" } : now));
        }
    }, [value]);
    useEffect(() => {
        if (state.kind !== "saved") {
            return undefined;
        }
        const timer = setTimeout(() => setState({ kind: "rest" }), SAVED_MS);
        return () => clearTimeout(timer);
    }, [state.kind]);

    return {
        draft,
        state,
        edit(next) {
            wanted.current = next;
            setDraft(next);
            setState({ kind: next === value ? "rest" : "dirty" });
        },
        commit(next = wanted.current) {
            wanted.current = next;
            setDraft(next);
            if (next === value) {
                setState({ kind: "rest" });
                return;
            }
            setState({ kind: "saving" });
            void save(next).then((says) =>
                setState(says === null ? { kind: "saved" } : { kind: "error", says }),
            );
        },
    };
}

export function FieldState({ id, state }: { id: string; state: Saving }) {
    return (
        <span class="st field-state" id={id} role="status">
            {state.kind === "saving" && t("organiser.saving")}
            {state.kind === "dirty" && t("organiser.unsaved")}
            {state.kind === "saved" && (
                <>
                    <Icon name="check" />
                    {t("organiser.saved")}
                </>
            )}
            {state.kind === "error" && (
                <>
                    <Icon name="warn" />
                    {state.says}
                </>
            )}
        </span>
    );
}

interface TextFieldProps {
    label: string;
    hideLabel?: boolean;
    says?: string;
    value: string;
    type?: "text" | "number" | "datetime-local";
    min?: number;
    max?: number;
    unit?: string;
    save: Save<string>;
}

export function TextField({
    label,
    hideLabel,
    says,
    value,
    type = "text",
    min,
    max,
    unit,
    save,
}: TextFieldProps) {
    const field = useField(value, save);
    const id = useId();
    const failed = field.state.kind === "error";
    return (
        <div class="setting">
            <label class={hideLabel ? "vh" : "lab"} for={id}>
                {label}
            </label>
            <div class="setting-line">
                <input
                    class={`field is-${type}`}
                    id={id}
                    type={type as "text"} /* the typings want one literal */
                    min={min}
                    max={max}
                    spellcheck={false}
                    value={field.draft}
                    aria-describedby={`${id}-state${says === undefined ? "" : ` ${id}-says`}`}
                    aria-invalid={failed}
                    onInput={(event) => field.edit(event.currentTarget.value)}
                    onChange={() => field.commit()}
                />
                {unit !== undefined && <span>{unit}</span>}
                <FieldState id={`${id}-state`} state={field.state} />
            </div>
            {says !== undefined && (
                <p class="small" id={`${id}-says`}>
                    {says}
                </p>
            )}
        </div>
    );
}

interface PolicyFieldProps<V extends string> {
    label: string;
    options: readonly { readonly value: V; readonly title: string; readonly says?: string }[];
    value: V;
    says?: ComponentChildren;
    save: Save<V>;
}

export function PolicyField<V extends string>({ label, options, value, says, save }: PolicyFieldProps<V>) {
    const field = useField(value, save);
    const name = useId();
    return (
        <fieldset class="setting policy">
            <legend class="lab">
                {label} <FieldState id={`${name}-state`} state={field.state} />
            </legend>
            {says !== undefined && <p class="small">{says}</p>}
            {options.map((option) => (
                <label key={option.value}>
                    <input
                        type="radio"
                        name={name}
                        checked={field.draft === option.value}
                        onChange={() => field.commit(option.value)}
                    />
                    <span>
                        <b>{option.title}</b>
                        {option.says}
                    </span>
                </label>
            ))}
        </fieldset>
    );
}

interface SelectFieldProps<V extends string> {
    label: string;
    says: string;
    options: readonly { readonly value: V; readonly text: string }[];
    value: V;
    save: Save<V>;
}

export function SelectField<V extends string>({ label, says, options, value, save }: SelectFieldProps<V>) {
    const field = useField(value, save);
    const id = useId();
    return (
        <div class="setting">
            <label class="lab" for={id}>
                {label}
            </label>
            <div class="setting-line">
                <select
                    class="field is-select"
                    id={id}
                    value={field.draft}
                    aria-describedby={`${id}-state ${id}-says`}
                    aria-invalid={field.state.kind === "error"}
                    onChange={(event) => field.commit(event.currentTarget.value as V)}
                >
                    {options.map((option) => (
                        <option key={option.value} value={option.value}>
                            {option.text}
                        </option>
                    ))}
                </select>
                <FieldState id={`${id}-state`} state={field.state} />
            </div>
            <p class="small" id={`${id}-says`}>
                {says}
            </p>
        </div>
    );
}
