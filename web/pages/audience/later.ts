/* Everything that few people open, in one script: the second sheet is there at once. */

export { keepInTab } from "../../core/tab";
export { BackSheet } from "./back_sheet";
export { CardSheet } from "./card_sheet";
export { ClaimSheet } from "./claim_sheet";
export { DeviceSheet } from "./device_sheet";
export { InterestSheet } from "./interest_sheet";
export { MineSheet } from "./mine";
export { PostSheet } from "./post_sheet";
export { ShareSheet } from "./share";
export { TicketSheet } from "./ticket_sheet";
