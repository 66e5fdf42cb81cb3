// Everybody at an event, by what they do on their pages.
import assert from "node:assert/strict";
import { until } from "./bounded.mjs";
import { desk, projector } from "./browser.mjs";
import { Visitor } from "./visitor.mjs";

export { Audience } from "./audience.mjs";
export { ready } from "./visitor.mjs";

export class Moderator extends Visitor {
  role = "moderator";
  viewport = desk;
  freshWords = ["moderator.fresh.one", "moderator.fresh.many"];

  // The row is chosen with a click, the act with its key.
  async press(text, key) {
    await this.sees(text);
    await this.row(text).getByText(text).first().click();
    await this.page.keyboard.press(key);
  }

  column(name) {
    return this.page.getByRole("region", {
      name: new RegExp(`^${this.t(`moderator.column.${name}`)}`),
    });
  }
  async has(column, text) {
    await until(
      () => this.column(column).getByText(text).first().isVisible(),
      `“${text}” in ${column}`,
    );
  }

  // Takes a card away from everybody else, or gives it back.
  async card(name, act) {
    await this.button("parts.menu").click();
    await this.button("moderator.people").click();
    const label = new RegExp(`^${this.t(`moderator.card.${act}`)}\\s*: ${name}$`);
    await this.page.getByRole("button", { name: label }).click();
    await this.says(`moderator.did.card_${act}`, { name });
    await this.close("moderator.people");
  }
}

export class Stage extends Visitor {
  role = "stage";
  viewport = projector;
  freshWords = [];
  fresh() {
    return this.page.locator("never");
  }

  async isAnswering(text) {
    await until(
      () =>
        this.page
          .getByRole("region", { name: this.t("parts.now") })
          .getByText(text)
          .first()
          .isVisible(),
      `the stage shows “${text}” large`,
    );
  }
}

export class Organiser extends Visitor {
  role = "organiser";
  viewport = desk;
  freshWords = [];
  fresh() {
    return this.page.locator("never");
  }

  async admitWithTickets() {
    const name = new RegExp(`^${this.t("organiser.admission.tickets")}`);
    await this.page.getByRole("radio", { name }).check();
    await this.page.getByRole("heading", { name: this.t("organiser.tickets"), exact: true }).waitFor();
  }

  // As its file says them: [{code, seats, link}].
  async makeTickets(count, seats) {
    const field = (key) =>
      this.page.getByRole("spinbutton", { name: this.t(`organiser.tickets.${key}`), exact: true });
    await field("count").fill(String(count));
    await field("seats").fill(String(seats));
    await this.button("organiser.tickets.make").click();
    const many = (key, n) => this.t(`${key}.${n === 1 ? "one" : "many"}`, { n });
    const title = `${many("organiser.tickets.codes", count)}, ${many("organiser.tickets.each", seats)}`;
    const name = new RegExp(`^${this.t("organiser.tickets.csv")}\\s*: ${title}$`);
    const csv = await this.saved(this.page.getByRole("button", { name }));
    const [head, ...lines] = csv.text.trimEnd().split("\r\n");
    assert.equal(head, "code,seats,link");
    return lines.map((line) => {
      const [code, said, link] = line.split(",");
      return { code, seats: Number(said), link };
    });
  }
}

// The page of people.
export class People extends Visitor {
  role = "people";
  viewport = desk;
  freshWords = ["people.fresh.one", "people.fresh.many"];

  static visit(context, event, options) {
    return super.visit(context, event, { address: `${event.url}/people`, ...options });
  }

  person(name) {
    return this.page
      .getByRole("listitem")
      .filter({ has: this.page.getByRole("heading", { name, exact: true }) })
      .filter({ visible: true });
  }
  tick(name) {
    return this.person(name)
      .getByRole("checkbox", { name: this.t("people.tick.of", { name }) })
      .check();
  }
  takeHome(format) {
    const name = new RegExp(`^${this.t(`people.home.${format}`)}`);
    return this.saved(this.page.getByRole("button", { name }));
  }
}
