/* The share panel of a question in the list. Every link has a code, so that having one says nothing. */

import { useState } from "preact/hooks";
import { openAccounts } from "../../core/account";
import { publicAddress } from "../../core/address";
import { codeAddress, randomCode } from "../../core/fragment";
import { questionOf } from "../../core/own";
import { SharePanel } from "../../parts/share";
import { Found } from "./found";
import type { SheetProps } from "./sheets";

export function ShareSheet({ page, model, sheet: { n } }: SheetProps<"share">) {
    const [random] = useState(randomCode);
    const [code, setCode] = useState<string | null>(null);
    const question = model.questions.get(n);
    if (question?.text == null) {
        return null;
    }
    const { hashtags, slug, title } = model.event;
    const url = codeAddress(publicAddress(model.url, slug, n), code ?? random);
    const own = page.outbox?.own.value.find((each) => questionOf(each, [question]) !== undefined);
    const card = page.person?.card.value ?? null;
    return (
        <SharePanel
            shared={{ text: question.text, hashtags, title, url }}
            onClose={() => (page.sheet.value = null)}
        >
            {own !== undefined && card?.shown === true && openAccounts(card.accounts).length > 0 && (
                <Found page={page} model={model} row={{ own, question }} card={card} onCode={setCode} />
            )}
        </SharePanel>
    );
}
