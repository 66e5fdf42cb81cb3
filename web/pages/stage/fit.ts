/* Stage fitting: the largest size that fits, found by halving. Sizes are in u, 1 % of the picture's height.
   A line is fitted in its width alone. */

const PRECISION_U = 0.05;
const BIG_U = 8; /* from here on lines are set tighter */
const QUESTION_U = { low: 3.6, high: 18, roomy: 6 };
const CROWDED_U = { low: 2.2, high: 6 }; /* 500 wide letters: better small than cut off */
const ADDRESS_U = { low: 3.4, high: 4.4 };
const INVITING_ADDRESS_U = { low: 3.4, high: 6 };
const HASHTAG_U = { low: 4, high: 8.4 };

function largest(
    text: HTMLElement,
    box: HTMLElement,
    bounds: { low: number; high: number },
    line = false,
): number {
    let { low, high } = bounds;
    const fits = () => box.scrollWidth <= box.clientWidth && (line || text.scrollHeight <= box.clientHeight);
    const set = (size: number) => {
        text.style.fontSize = `calc(${size} * var(--u))`;
        text.toggleAttribute("data-big", size > BIG_U);
    };
    while (high - low > PRECISION_U) {
        const size = (low + high) / 2;
        set(size);
        if (fits()) {
            low = size;
        } else {
            high = size;
        }
    }
    set(low);
    return low;
}

/* A question that would be small takes room from the next ones, which then stand on single lines, or give way. */
export function fitStage(stage: HTMLElement): void {
    const tag = stage.querySelector<HTMLElement>(".st-head .tag");
    if (tag?.parentElement) {
        largest(tag, tag.parentElement, HASHTAG_U, true);
    }
    const address = stage.querySelector<HTMLElement>(".addr");
    if (address !== null) {
        address.removeAttribute("data-wrap");
        const bounds = stage.classList.contains("is-empty") ? INVITING_ADDRESS_U : ADDRESS_U;
        largest(address, address, bounds, true);
        address.toggleAttribute("data-wrap", address.scrollWidth > address.clientWidth);
    }
    stage.removeAttribute("data-long");
    stage.removeAttribute("data-full");
    const text = stage.querySelector<HTMLElement>("[data-fit]");
    const box = text?.parentElement;
    if (!text || !box || largest(text, box, QUESTION_U) >= QUESTION_U.roomy) {
        return;
    }
    stage.setAttribute("data-long", "");
    largest(text, box, QUESTION_U);
    if (text.scrollHeight > box.clientHeight) {
        stage.setAttribute("data-full", "");
        largest(text, box, CROWDED_U);
    }
}
