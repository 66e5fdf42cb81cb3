/* Taking it home and clearing up: export, wipe after the rehearsal, delete for good. */

import { useState } from "preact/hooks";
import type { Connection } from "../../core/connection";
import type { Model } from "../../core/state";
import { t, tn } from "../../core/words";
import { Icon } from "../../parts/icon";
import { showToast } from "../../parts/toast";
import { Disclosure } from "./disclosure";
import { failure } from "./links";
import type { Session } from "./session";

const FORMATS = ["json", "csv", "markdown"] as const;

export function Export({ session }: { session: Session }) {
    const [failed, setFailed] = useState(false);
    return (
        <section class="sect" aria-labelledby="h-export">
            <h2 id="h-export">{t("organiser.export")}</h2>
            <p>{t("organiser.export.says")}</p>
            <div class="btns formats">
                {FORMATS.map((format) => (
                    <button
                        key={format}
                        class="btn"
                        type="button"
                        onClick={() => void session.download(format).then((arrived) => setFailed(!arrived))}
                    >
                        <Icon name="down" />
                        <span>
                            {t(`organiser.export.${format}`)}
                            <small>{t(`organiser.export.${format}.says`)}</small>
                        </span>
                    </button>
                ))}
            </div>
            <p class="st" role="status">
                {failed && (
                    <>
                        <Icon name="warn" />
                        {t("organiser.export.failed")}
                    </>
                )}
            </p>
        </section>
    );
}

interface EndingProps {
    session: Session;
    connection: Connection;
    model: Model;
}

export function Ending({ session, connection, model }: EndingProps) {
    const [typed, setTyped] = useState("");
    const { slug, id } = model.event;

    async function wipe() {
        const result = await connection.command("wipe", {});
        showToast({ text: result.ok ? t("organiser.wiped") : failure(result) });
    }
    async function erase() {
        const result = await connection.command("delete", { slug: typed.trim() });
        if (result.ok) {
            session.forget(id);
        } else {
            showToast({ text: failure(result) });
        }
    }
    return (
        <section class="sect" aria-labelledby="h-end">
            <h2 id="h-end">{t("organiser.end")}</h2>
            <ul class="endings">
                <li>
                    <h3>{t("organiser.wipe")}</h3>
                    <p class="small">{t("organiser.wipe.says")}</p>
                    <Disclosure
                        button={t("organiser.wipe")}
                        says={tn("organiser.wipe.what", model.questions.size)}
                        act={t("organiser.wipe.do")}
                        onAct={wipe}
                    />
                </li>
                <li>
                    <h3>{t("organiser.delete")}</h3>
                    <p class="small">{t("organiser.delete.says")}</p>
                    <Disclosure
                        button={t("organiser.delete")}
                        says={tn("organiser.delete.what", model.questions.size)}
                        act={t("organiser.delete.do")}
                        ready={typed.trim() === slug}
                        onAct={erase}
                    >
                        <label class="lab" for="delete-slug">
                            {t("organiser.delete.type", { slug })}
                        </label>
                        <input
                            class="field"
                            id="delete-slug"
                            autocomplete="off"
                            autocapitalize="none"
                            spellcheck={false}
                            value={typed}
                            onInput={(event) => setTyped(event.currentTarget.value)}
                        />
                    </Disclosure>
                </li>
            </ul>
        </section>
    );
}
