/* The form of one's own card. What is typed stays until it is saved, also when the sheet is closed over it. */

import { useSignal, type Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { CARD_ACCOUNTS, CARD_LINE_GRAPHEMES, CARD_NAME_GRAPHEMES } from "../../core/people";
import type { Person } from "../../core/person";
import { refusalWords, t, type Word } from "../../core/words";
import { Icon } from "../../parts/icon";
import { checkDraft, draftOf, EMPTY, type CardDraft, type CheckedDraft, type Field } from "./card_text";

const drafts = new WeakMap<Person, CardDraft>();

interface LineProps {
    readonly label: string;
    readonly value: string;
    readonly says?: string | undefined;
    readonly problem: Word | undefined;
    readonly most?: number;
    readonly mode?: "text" | "url" | "email";
    readonly placeholder?: string;
    readonly rows?: number;
    readonly onInput: (value: string) => void;
    readonly children?: ComponentChildren; /* beside the field */
}

function Line({ label, value, says, problem, most, mode, placeholder, rows, onInput, children }: LineProps) {
    const id = useId();
    const told = problem === undefined ? says : t(problem, { n: most ?? 0 });
    const common = {
        class: "field",
        id,
        value,
        placeholder,
        "aria-invalid": problem !== undefined,
        "aria-describedby": told === undefined ? undefined : `${id}-says`,
        onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
    };
    const plain = mode === undefined || mode === "text";
    return (
        <div class="line">
            <label class="lab" for={id}>
                {label}
            </label>
            <div class="beside">
                {rows === undefined ? (
                    <input
                        {...common}
                        type="text"
                        inputMode={mode}
                        autocomplete="off"
                        autocapitalize={plain ? undefined : "none"}
                        spellcheck={plain ? undefined : false}
                    />
                ) : (
                    <textarea {...common} rows={rows} />
                )}
                {children}
            </div>
            {told !== undefined && (
                <p class="small" id={`${id}-says`}>
                    {problem !== undefined && <Icon name="warn" />}
                    {told}
                </p>
            )}
        </div>
    );
}

interface PartProps {
    readonly draft: Signal<CardDraft>;
    readonly problem: (field: Field) => Word | undefined;
    readonly change: (part: Partial<CardDraft>) => void;
}

function Accounts({ draft, problem, change }: PartProps) {
    const { accounts } = draft.value;
    const put = (place: number, value: string): void =>
        change({ accounts: accounts.map((each, at) => (at === place ? value : each)) });
    return (
        <fieldset>
            <legend class="lab">{t("person.card.accounts")}</legend>
            {accounts.map((account, place) => (
                <Line
                    key={place}
                    label={t("person.card.account", { n: place + 1 })}
                    value={account}
                    says={place === 0 ? t("person.card.account.says") : undefined}
                    problem={problem(`account${place}`)}
                    mode="email"
                    placeholder="anna@example.social"
                    onInput={(value) => put(place, value)}
                >
                    {accounts.length > 1 && (
                        <button
                            class="btn btn-icon"
                            type="button"
                            aria-label={t("person.card.account.remove", { n: place + 1 })}
                            onClick={() => change({ accounts: accounts.filter((_, at) => at !== place) })}
                        >
                            <Icon name="close" />
                        </button>
                    )}
                </Line>
            ))}
            {accounts.length < CARD_ACCOUNTS && (
                <button
                    class="btn btn-text"
                    type="button"
                    onClick={() => change({ accounts: [...accounts, ""] })}
                >
                    {t("person.card.account.add")}
                </button>
            )}
        </fieldset>
    );
}

function Check(props: { on: boolean; label: string; says: string; onChange: (on: boolean) => void }) {
    const id = useId();
    return (
        <div class="tick">
            <label>
                <input
                    type="checkbox"
                    checked={props.on}
                    aria-describedby={id}
                    onChange={(event) => props.onChange(event.currentTarget.checked)}
                />
                <span>{props.label}</span>
            </label>
            <p class="small" id={id}>
                {props.says}
            </p>
        </div>
    );
}

function Says({ draft, problem, change }: PartProps) {
    const { name, line, web } = draft.value;
    return (
        <>
            <Line
                label={t("person.card.name")}
                value={name}
                problem={problem("name")}
                most={CARD_NAME_GRAPHEMES}
                onInput={(value) => change({ name: value })}
            />
            <Line
                label={t("person.card.line")}
                value={line}
                says={t("person.card.line.says")}
                problem={problem("line")}
                most={CARD_LINE_GRAPHEMES}
                rows={2}
                onInput={(value) => change({ line: value })}
            />
            <Accounts draft={draft} problem={problem} change={change} />
            <Line
                label={t("person.card.web")}
                value={web}
                problem={problem("web")}
                mode="url"
                placeholder="https://"
                onInput={(value) => change({ web: value })}
            />
        </>
    );
}

/* Where the answer of the server is said, until something is typed again. */
function useSaving(person: Person, onSaved: () => void) {
    const busy = useSignal(false);
    const failed = useSignal("");
    async function save(checked: CheckedDraft, shown: boolean): Promise<void> {
        busy.value = true;
        failed.value = "";
        const had = person.card.peek() !== null;
        const result = await person.save(checked.text, shown);
        busy.value = false;
        if (result.ok) {
            drafts.delete(person);
            onSaved();
        } else if (result.code === "offline") {
            failed.value = t("person.unsent");
        } else {
            /* Taken back for good, and no other one may be made: without a seat, or after the end. */
            const gone = had && person.card.peek() === null;
            failed.value = gone ? t("person.card.deleted") : t("person.refused", { why: refusalWords(result) });
        }
    }
    return { busy, failed, save };
}

interface FormProps {
    readonly person: Person;
    readonly label: Word; /* of the button that saves */
    readonly published?: boolean; /* it is needed where only a published card will do */
    readonly onSaved: () => void;
}

export function CardForm({ person, label, published = false, onSaved }: FormProps) {
    const card = person.card.value;
    const draft = useSignal(drafts.get(person) ?? (card === null ? EMPTY : draftOf(card)));
    const strict = useSignal(false); /* problems are named once saving was tried */
    const form = useRef<HTMLFormElement>(null);
    const { busy, failed, save } = useSaving(person, onSaved);
    const checked = checkDraft(draft.value);
    const shown = published || draft.value.shown;

    function change(part: Partial<CardDraft>): void {
        draft.value = { ...draft.value, ...part };
        failed.value = "";
        drafts.set(person, draft.value);
    }
    function submit(event: Event): void {
        event.preventDefault();
        strict.value = true;
        if (checked.problems.size === 0) {
            void save(checked, shown);
        } else {
            setTimeout(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
        }
    }
    const part = {
        draft,
        change,
        problem: (field: Field) => (strict.value ? checked.problems.get(field) : undefined),
    };
    return (
        <form class="card-form" ref={form} noValidate onSubmit={submit}>
            <Says {...part} />
            {!published && (
                <Check
                    on={shown}
                    label={t("person.card.shown")}
                    says={t(shown ? "person.card.shown.on" : "person.card.shown.off")}
                    onChange={(on) => change({ shown: on })}
                />
            )}
            <Check
                on={draft.value.lists}
                label={t("person.card.lists")}
                says={t("person.card.lists.says")}
                onChange={(on) => change({ lists: on })}
            />
            <button class="btn btn-act" type="submit" disabled={busy.value}>
                {t(busy.value ? "person.saving" : label)}
            </button>
            <p class="small" role="status">
                {failed.value}
            </p>
        </form>
    );
}
