/* Back from a log-in at one's own server: what came of it. */

import { t } from "../../core/words";
import { Icon } from "../../parts/icon";
import { Panel } from "../../parts/panel";
import type { SheetProps } from "./sheets";

export function BackSheet({ page, sheet }: SheetProps<"back">) {
    const { account, purpose, done } = sheet.login;
    const close = (): void => void (page.sheet.value = null);
    return (
        <Panel title={t(purpose === "post" ? "person.back.posted" : "person.back.proven")} onClose={close}>
            <p>
                {t(purpose === "post" ? "person.back.posted.says" : "person.back.proven.says", { account })}
            </p>
            {done?.revoked === true && purpose === "prove" && <p>{t("person.back.revoked")}</p>}
            {done?.revoked === false && (
                <p class="hint">
                    <Icon name="warn" />
                    <span>{t("person.back.not_revoked")}</span>
                </p>
            )}
            <p class="sheet-ways">
                {done?.url != null && (
                    <a class="btn" href={done.url} target="_blank" rel="noopener noreferrer">
                        <Icon name="out" />
                        {t("person.back.see")}
                    </a>
                )}
                {purpose === "prove" && (
                    <button class="btn" type="button" onClick={() => (page.sheet.value = { kind: "card" })}>
                        {t("person.back.card")}
                    </button>
                )}
                <button class="btn btn-act" type="button" autofocus onClick={close}>
                    {t("person.back.close")}
                </button>
            </p>
        </Panel>
    );
}
