/* Connecting a Bluesky account: by an app password, or by logging in at its own server. */

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { atHome } from "../../core/address";
import { isLoopback } from "../../core/login";
import type { Model } from "../../core/state";
import { t } from "../../core/words";
import { Field, refused, State, useGoing, type FormProps } from "./connecting";
import { appPasswordFrom, handleFrom } from "./far";

/* By OAuth, Bluesky takes only programs with an https address, or ones on the same machine. */
function oauthPossible(model: Model): boolean {
    const { protocol, hostname } = new URL(model.url);
    return protocol === "https:" || isLoopback(hostname);
}

export function Bluesky({ session, model, again, onConnected }: FormProps) {
    const [handle, setHandle] = useState(again?.name.replace(/^@/, "") ?? "");
    const [password, setPassword] = useState("");
    const [oauth, setOauth] = useState(oauthPossible(model) && atHome(model.url));
    const fields = {
        handle: useRef<HTMLInputElement>(null),
        password: useRef<HTMLInputElement>(null),
    };
    const state = useId();
    const { going, busy, begin, fail, rest } = useGoing<keyof typeof fields>((field) =>
        fields[field].current?.focus(),
    );
    useEffect(() => {
        if (again !== null) {
            fields.password.current?.focus();
        }
    }, [again]);
    const invalid = (field: keyof typeof fields) => going.kind === "error" && going.field === field;

    function named(): string {
        const name = handleFrom(handle);
        if (name === "") {
            fail("handle", t("organiser.connect.bluesky.which"));
        }
        return name;
    }
    async function byPassword(event: Event) {
        event.preventDefault();
        const name = busy ? "" : named();
        if (name === "") {
            return;
        }
        const secret = appPasswordFrom(password);
        if (secret === "") {
            fail("password", t("organiser.connect.bluesky.form"));
            return;
        }
        begin(t("organiser.connect.asking", { name }));
        const members = { network: "bluesky", server: name, password: secret } as const;
        const result = await session.post("connect_password", members);
        if (result.ok) {
            setPassword("");
            rest();
            onConnected(Number(result.value["account"]));
        } else if (result.code === "refused") {
            fail("password", t("organiser.connect.bluesky.refused", { name }));
        } else {
            fail("handle", refused(result, "bluesky", name));
        }
    }
    async function byLogIn() {
        const name = busy ? "" : named();
        if (name === "") {
            return;
        }
        begin(t("organiser.connect.asking", { name }));
        const failed = await session.logIn("bluesky", name);
        if (failed === null) {
            return;
        }
        if (failed.code === "not_configured") {
            setOauth(false);
            fail("password", t("organiser.connect.bluesky.not_configured"));
        } else {
            fail("handle", refused(failed, "bluesky", name));
        }
    }
    return (
        <form class="connect-form" onSubmit={(event) => void byPassword(event)}>
            <Field
                label={t("organiser.connect.bluesky.handle")}
                placeholder="example.bsky.social"
                value={handle}
                invalid={invalid("handle")}
                state={state}
                input={fields.handle}
                onInput={setHandle}
            />
            <Field
                label={t("organiser.connect.bluesky.password")}
                says={
                    <>
                        {t("organiser.connect.bluesky.where")}{" "}
                        <a
                            href="https://bsky.app/settings/app-passwords"
                            target="_blank"
                            rel="noopener noreferrer"
                        >
                            {t("organiser.connect.bluesky.make")}
                        </a>
                    </>
                }
                type="password"
                placeholder="xxxx-xxxx-xxxx-xxxx"
                value={password}
                invalid={invalid("password")}
                state={state}
                input={fields.password}
                onInput={setPassword}
            />
            <State id={state} going={going} />
            <div class="btns">
                <button class="btn btn-act" type="submit" aria-disabled={busy}>
                    {t("organiser.connect.do")}
                </button>
                {oauth && (
                    <button class="btn" type="button" aria-disabled={busy} onClick={() => void byLogIn()}>
                        {t("organiser.connect.bluesky.log_in")}
                    </button>
                )}
            </div>
            {oauth && <p class="small">{t("organiser.connect.bluesky.log_in.says")}</p>}
        </form>
    );
}
