/* The vote: a rhombus to fill. Empty with an arrow: can be given. Full with a check: given; the same tap takes it back. */

interface VoteProps {
    votes: number;
    given: boolean;
    label: string; /* names the question, its votes and the state */
    disabled?: boolean;
    onToggle: () => void;
}

export function Vote({ votes, given, label, disabled, onToggle }: VoteProps) {
    return (
        <button
            class="vote"
            type="button"
            aria-pressed={given}
            aria-label={label}
            disabled={disabled}
            onClick={onToggle}
        >
            <svg viewBox="0 0 48 48" aria-hidden="true">
                <path class="shape" d="M24 2 46 24 24 46 2 24z" />
                <path class="fill" d="M24 2 46 24 24 46 2 24z" />
                <path class="off" d="m17 27 7-7 7 7" />
                <path class="on" d="m16.5 24.5 5.5 5.5 10-11" />
            </svg>
            <b>{votes}</b>
        </button>
    );
}

/* Stands where the vote would be while one's own question waits. */
export function VoteHold() {
    return (
        <span class="hold" aria-hidden="true">
            <svg width="52" height="52" viewBox="0 0 48 48">
                <path class="shape" d="M24 2 46 24 24 46 2 24z" />
                <path class="hands" d="M24 17v7l4.5 3" />
            </svg>
        </span>
    );
}
