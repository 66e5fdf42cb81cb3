/* A choice of few, drawn as one bar: a radio group. And the two that every page offers: language and theme. */

import { useId } from "preact/hooks";
import { language, switchLanguage, t } from "../core/words";
import { switchTheme, theme } from "./theme";

interface ChoiceProps<V extends string> {
    label: string;
    showLabel?: boolean;
    options: readonly { readonly value: V; readonly text: string; readonly lang?: string }[];
    value: V;
    onChange: (value: V) => void;
}

export function Choice<V extends string>({ label, showLabel, options, value, onChange }: ChoiceProps<V>) {
    const name = useId();
    return (
        <fieldset class="choice">
            <legend class={showLabel ? "lab" : "vh"}>{label}</legend>
            <div class="seg">
                {options.map((option) => (
                    <label key={option.value} lang={option.lang}>
                        <input
                            type="radio"
                            name={name}
                            checked={option.value === value}
                            onChange={() => onChange(option.value)}
                        />
                        {option.text}
                    </label>
                ))}
            </div>
        </fieldset>
    );
}

export function LanguageSwitch() {
    return (
        <Choice
            label={t("parts.language")}
            showLabel
            options={[
                { value: "de", text: "Deutsch", lang: "de" },
                { value: "en", text: "English", lang: "en" },
            ]}
            value={language.value}
            onChange={(wanted) => void switchLanguage(wanted)}
        />
    );
}

export function ThemeSwitch() {
    return (
        <Choice
            label={t("parts.theme")}
            showLabel
            options={[
                { value: "auto", text: t("parts.theme.auto") },
                { value: "light", text: t("parts.theme.light") },
                { value: "dark", text: t("parts.theme.dark") },
            ]}
            value={theme.value}
            onChange={switchTheme}
        />
    );
}
