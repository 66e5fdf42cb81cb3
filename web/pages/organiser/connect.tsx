/* Connecting one more account: which network, then the least that this network needs. */

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { atHome } from "../../core/address";
import type { Network } from "../../core/protocol";
import { t } from "../../core/words";
import { Choice } from "../../parts/choice";
import { NETWORK_NAMES } from "../../parts/networks";
import { Bluesky } from "./bluesky";
import { Elsewhere, Field, refused, State, useGoing, type FormProps } from "./connecting";
import { serverFrom } from "./far";

export function Connect({ session, model, again, onConnected }: FormProps) {
    const [chosen, setChosen] = useState<Network>(model.offers[0] ?? "mastodon");
    const box = useRef<HTMLDivElement>(null);
    useEffect(() => {
        if (again !== null) {
            setChosen(again.network);
            box.current?.scrollIntoView({ block: "nearest" });
        }
    }, [again]);
    if (model.offers.length === 0) {
        return null;
    }
    const form = { session, model, again: again?.network === chosen ? again : null, onConnected };
    return (
        <div class="connect" ref={box}>
            <h3>{t(model.accounts.length === 0 ? "organiser.connect" : "organiser.connect.more")}</h3>
            <Choice
                label={t("organiser.connect.network")}
                options={model.offers.map((value) => ({ value, text: NETWORK_NAMES[value] }))}
                value={chosen}
                onChange={setChosen}
            />
            {chosen === "mastodon" && <Mastodon key={again?.id} {...form} />}
            {chosen === "bluesky" && <Bluesky key={again?.id} {...form} />}
            {chosen === "x" && <X key={again?.id} {...form} />}
        </div>
    );
}

function Mastodon({ session, model, again }: FormProps) {
    const [server, setServer] = useState(again?.server?.replace(/^https:\/\//, "") ?? "");
    const field = useRef<HTMLInputElement>(null);
    const state = useId();
    const { going, busy, begin, fail } = useGoing<"server">(() => field.current?.focus());
    useEffect(() => {
        if (again !== null) {
            field.current?.focus();
        }
    }, [again]);

    async function submit(event: Event) {
        event.preventDefault();
        const name = serverFrom(server);
        if (busy) {
            return;
        }
        if (name === "") {
            fail("server", t("organiser.connect.mastodon.which"));
            return;
        }
        begin(t("organiser.connect.asking", { name }));
        const failed = await session.logIn("mastodon", name);
        if (failed !== null) {
            fail("server", refused(failed, "mastodon", name));
        }
    }
    if (!atHome(model.url)) {
        return <Elsewhere session={session} model={model} />;
    }
    return (
        <form class="connect-form" onSubmit={(event) => void submit(event)}>
            <Field
                label={t("organiser.connect.mastodon.server")}
                says={t("organiser.connect.mastodon.says")}
                placeholder="example.social"
                value={server}
                invalid={going.kind === "error"}
                state={state}
                input={field}
                onInput={setServer}
            />
            <State id={state} going={going} />
            <div class="btns">
                <button class="btn btn-act" type="submit" aria-disabled={busy}>
                    {t("organiser.connect.log_in")}
                </button>
            </div>
        </form>
    );
}

function X({ session, model }: FormProps) {
    const button = useRef<HTMLButtonElement>(null);
    const state = useId();
    const { going, busy, begin, fail } = useGoing<"button">(() => button.current?.focus());

    async function logIn() {
        if (busy) {
            return;
        }
        begin(t("organiser.connect.asking", { name: "X" }));
        const failed = await session.logIn("x", null);
        if (failed !== null) {
            fail("button", refused(failed, "x", "X"));
        }
    }
    if (!atHome(model.url)) {
        return <Elsewhere session={session} model={model} />;
    }
    return (
        <div class="connect-form">
            <p>{t("organiser.connect.x.cost")}</p>
            <p class="small">{t("organiser.connect.x.says")}</p>
            <State id={state} going={going} />
            <div class="btns">
                <button
                    class="btn btn-act"
                    type="button"
                    ref={button}
                    aria-describedby={state}
                    aria-disabled={busy}
                    onClick={() => void logIn()}
                >
                    {t("organiser.connect.log_in")}
                </button>
            </div>
        </div>
    );
}
