/* Two doors: into a room by its code, and, for those with the create key, a new event. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { eventAddress, slugOfTyped } from "../../core/address";
import { hashtagProblem } from "../../core/hashtag";
import { language, otherLanguage, switchLanguage, t } from "../../core/words";
import { AboutLinks } from "../../parts/about";
import { HashtagAdvice } from "../../parts/advice";
import { Icon, Mark, Sprite } from "../../parts/icon";
import { createEvent, eventExists, type CreateProblem } from "./create";

function Problem({ id, text }: { id: string; text: string }) {
    return (
        <p class="problem" id={id} role="alert">
            {text !== "" && <Icon name="warn" />}
            <span>{text}</span>
        </p>
    );
}

function CodeDoor() {
    const typed = useSignal("");
    const problem = useSignal("");
    const field = useRef<HTMLInputElement>(null);

    async function go(event: Event): Promise<void> {
        event.preventDefault();
        const slug = slugOfTyped(typed.value);
        const found = slug === "" ? "bad" : await eventExists(slug);
        if (found === "yes") {
            location.assign(eventAddress(slug));
            return;
        }
        problem.value = t(`start.code.${found}`, { slug });
        field.current?.focus();
    }
    return (
        <form class="door" noValidate onSubmit={(event) => void go(event)}>
            <h2>{t("start.join")}</h2>
            <div>
                <label class="lab" for="code">
                    {t("start.code")}
                </label>
                <input
                    class="field code"
                    id="code"
                    ref={field}
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck={false}
                    placeholder={t("start.code.placeholder")}
                    aria-invalid={problem.value !== ""}
                    aria-describedby="code-problem"
                    value={typed.value}
                    onInput={(event) => {
                        typed.value = event.currentTarget.value;
                        problem.value = "";
                    }}
                />
            </div>
            <Problem id="code-problem" text={problem.value} />
            <button class="btn btn-act" type="submit">
                {t("start.code.go")}
            </button>
        </form>
    );
}

function CreateDoor({ createKey }: { createKey: string }) {
    const title = useSignal("");
    const hashtag = useSignal("");
    const busy = useSignal(false);
    const problem = useSignal<CreateProblem | null>(null);
    const advice = hashtagProblem(hashtag.value, title.value);

    function take(proposal: string): void {
        hashtag.value = proposal;
        problem.value = null;
        document.getElementById("hashtag")?.focus();
    }
    async function create(event: Event): Promise<void> {
        event.preventDefault();
        if (busy.value) {
            return;
        }
        if (advice !== null) {
            document.getElementById("hashtag")?.focus(); /* what is wrong stands below it */
            return;
        }
        busy.value = true;
        const made = await createEvent(createKey, title.value, hashtag.value, language.peek());
        busy.value = false;
        if ("link" in made) {
            location.assign(made.link);
        } else {
            problem.value = made;
            document.getElementById(made.field)?.focus();
        }
    }
    return (
        <form class="door" noValidate onSubmit={(event) => void create(event)}>
            <h2>{t("start.create")}</h2>
            <div>
                <label class="lab" for="title">
                    {t("start.create.title")}
                </label>
                <input
                    class="field"
                    id="title"
                    autocomplete="off"
                    placeholder={t("start.create.title.placeholder")}
                    aria-invalid={problem.value?.field === "title"}
                    aria-describedby="create-problem"
                    value={title.value}
                    onInput={(event) => {
                        title.value = event.currentTarget.value;
                        problem.value = null;
                    }}
                />
            </div>
            <div>
                <label class="lab" for="hashtag">
                    {t("start.create.hashtag")}
                </label>
                <div class="pre">
                    <span aria-hidden="true">
                        <Mark />
                    </span>
                    <input
                        class="field"
                        id="hashtag"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck={false}
                        placeholder={t("start.create.hashtag.placeholder")}
                        aria-invalid={advice !== null || problem.value?.field === "hashtag"}
                        aria-describedby="hashtag-advice create-problem"
                        value={hashtag.value}
                        onInput={(event) => {
                            hashtag.value = event.currentTarget.value;
                            problem.value = null;
                        }}
                    />
                </div>
                <HashtagAdvice id="hashtag-advice" problem={advice} onTake={take} />
            </div>
            <Problem id="create-problem" text={problem.value?.text ?? ""} />
            <button class="btn" type="submit" aria-disabled={busy.value}>
                {t(busy.value ? "start.create.busy" : "start.create.go")}
            </button>
        </form>
    );
}

export function Start({ createKey }: { createKey: string | null }) {
    const other = otherLanguage();
    useEffect(() => {
        document.title = t("start.title");
    });
    return (
        <>
            <Sprite />
            <main class="front">
                <header>
                    <h1 class="brand">
                        <Mark />
                        Raute
                    </h1>
                    <p class="lead voice">{t("start.lead")}</p>
                </header>
                <div class="doors">
                    <CodeDoor />
                    {createKey !== null && <CreateDoor createKey={createKey} />}
                </div>
                <footer class="end">
                    <p class="small">{t("start.promise")}</p>
                    <AboutLinks />
                    <button
                        class="btn btn-text"
                        type="button"
                        lang={other}
                        onClick={() => void switchLanguage(other)}
                    >
                        {other === "de" ? "Deutsch" : "English"}
                    </button>
                </footer>
            </main>
        </>
    );
}
