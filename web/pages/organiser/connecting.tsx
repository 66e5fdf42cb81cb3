/* What the forms share that connect an account: the field, what is under way or went wrong, the refusals in words. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { eventAddress } from "../../core/address";
import type { Failure } from "../../core/login";
import type { Account, Network } from "../../core/protocol";
import type { Model } from "../../core/state";
import { t } from "../../core/words";
import { Icon } from "../../parts/icon";
import { failure } from "./links";
import type { Session } from "./session";

export interface FormProps {
    session: Session;
    model: Model;
    again: Account | null; /* whose log-in does not hold any more */
    onConnected: (id: number) => void;
}

/* What is under way or went wrong, for one form. `field` has the error and the focus. */
type Going<F extends string> =
    | { readonly kind: "rest" }
    | { readonly kind: "busy"; readonly says: string }
    | { readonly kind: "error"; readonly field: F; readonly says: string };

export function useGoing<F extends string>(focus: (field: F) => void) {
    const [going, setGoing] = useState<Going<F>>({ kind: "rest" });
    useEffect(() => {
        /* Back from the other server by the browser's own button. */
        const shown = (event: PageTransitionEvent) => event.persisted && setGoing({ kind: "rest" });
        addEventListener("pageshow", shown);
        return () => removeEventListener("pageshow", shown);
    }, []);
    useEffect(() => {
        if (going.kind === "error") {
            focus(going.field);
        }
    }, [going]);
    return {
        going,
        busy: going.kind === "busy",
        begin: (says: string) => setGoing({ kind: "busy", says }),
        fail: (field: F, says: string) => setGoing({ kind: "error", field, says }),
        rest: () => setGoing({ kind: "rest" }),
    };
}

export function State({ id, going }: { id: string; going: Going<string> }) {
    return (
        <p class="st" id={id} role="status">
            {going.kind === "busy" && (
                <>
                    <Icon name="clock" />
                    {going.says}
                </>
            )}
            {going.kind === "error" && (
                <>
                    <Icon name="warn" />
                    <span>{going.says}</span>
                </>
            )}
        </p>
    );
}

interface FieldProps {
    label: string;
    says?: ComponentChildren;
    value: string;
    invalid: boolean;
    state: string; /* id of the sentence that says what is wrong */
    input: { current: HTMLInputElement | null };
    placeholder: string;
    type?: "text" | "password";
    onInput: (value: string) => void;
}

export function Field({ label, says, value, invalid, state, input, placeholder, type, onInput }: FieldProps) {
    const id = useId();
    return (
        <div class="setting">
            <label class="lab" for={id}>
                {label}
            </label>
            <input
                class="field"
                id={id}
                ref={input}
                type={(type ?? "text") as "text"} /* the typings want one literal */
                inputMode={type === "password" ? undefined : "url"}
                autocomplete="off"
                autocapitalize="none"
                spellcheck={false}
                placeholder={placeholder}
                value={value}
                aria-invalid={invalid}
                aria-describedby={says === undefined ? state : `${state} ${id}-says`}
                onInput={(event) => onInput(event.currentTarget.value)}
            />
            {says !== undefined && (
                <p class="small" id={`${id}-says`}>
                    {says}
                </p>
            )}
        </div>
    );
}

/* A refusal in words; those of this step speak of what was typed. */
export function refused(result: Failure, network: Network, name: string): string {
    switch (result.code) {
        case "bad_server":
            return t(`organiser.connect.${network}.bad_server`, { name });
        case "unreachable":
            return t("organiser.connect.unreachable", { name });
        case "refused":
            return t("organiser.connect.refused", { name });
        case "offline":
            return t("organiser.connect.offline");
        case "not_configured":
            return t(`organiser.connect.${network}.not_configured`);
        default:
            return failure(result);
    }
}

/* The far server sends the browser back to the public address: what this one keeps must be kept there. */
export function Elsewhere({ session, model }: { session: Session; model: Model }) {
    const address = `${model.url.replace(/\/$/, "")}${eventAddress(model.event.slug)}/organiser`;
    return (
        <p class="hint">
            <Icon name="turn" />
            <span>
                {t("organiser.connect.elsewhere")} <a href={`${address}#k=${session.key}`}>{address}</a>
            </span>
        </p>
    );
}
