// What people do on the pages, in their words: roles and the catalogue's sentences, never markup, so
// that the tests outlive a new look.
import assert from "node:assert/strict";
import { until } from "./bounded.mjs";
import { desk, projector, visit } from "./browser.mjs";
import { words } from "./words.mjs";

// The page's script has drawn it.
export async function ready(page) {
  await page.waitForLoadState("networkidle");
  await page.locator("h1").first().waitFor();
}

class Visitor {
  static async visit(context, event, { language = "de", address, expected } = {}) {
    const visitor = new this();
    visitor.t = words(language);
    visitor.event = event;
    visitor.page = await visit(context, address ?? event.links[visitor.role], { expected });
    if (visitor.viewport) {
      await visitor.page.setViewportSize(visitor.viewport);
    }
    await ready(visitor.page);
    return visitor;
  }

  button(key, values) {
    return this.page.getByRole("button", { name: this.t(key, values), exact: true });
  }

  // Where a question stands: its item in a list, or the place of the one being answered.
  row(text) {
    return this.page
      .getByRole("listitem")
      .or(this.page.getByRole("region", { name: this.t.like("parts.now") }))
      .filter({ hasText: text })
      .filter({ visible: true })
      .first();
  }

  // Strips that say how many new ones there are, which the page holds back under a reader's finger.
  fresh() {
    return this.page.getByRole("button", { name: this.freshPattern });
  }
  get freshPattern() {
    const pattern = (key) => this.t.like(key).source;
    return new RegExp(this.freshWords.map(pattern).join("|"));
  }

  async sees(text, seconds = 10) {
    await until(
      async () => {
        if (await this.page.getByText(text).filter({ visible: true }).first().isVisible()) {
          return true;
        }
        if (await this.fresh().first().isVisible()) {
          await this.fresh().first().click();
        }
        return false;
      },
      `${this.role} sees “${text}”`,
      seconds,
    );
  }

  async seesNot(text, seconds = 10) {
    await until(
      async () => (await this.page.getByText(text).filter({ visible: true }).count()) === 0,
      `${this.role} no longer sees “${text}”`,
      seconds,
    );
  }

  async says(key, values) {
    const pattern = this.t.like(key, values);
    await until(
      () => this.page.getByText(pattern).first().isVisible(),
      `${this.role} is told “${this.t(key, values)}”`,
    );
  }
}

export class Audience extends Visitor {
  role = "audience";
  freshWords = ["audience.fresh.one", "audience.fresh.many"];

  field() {
    return this.page.getByRole("textbox", { name: this.t.like("audience.ask.label") });
  }

  async openAsk() {
    if (!(await this.field().isVisible())) {
      await this.button("audience.ask").first().click();
    }
  }

  async ask(text) {
    await this.openAsk();
    await this.field().fill(text);
    await this.button("audience.ask.send").click();
  }

  voteButton(text) {
    const name = new RegExp(
      `${this.t.like("parts.vote.give").source}|${this.t.like("parts.vote.given").source}`,
    );
    return this.row(text).getByRole("button", { name });
  }
  async vote(text) {
    await this.voteButton(text).click();
  }
  async voted(text) {
    return (await this.voteButton(text).getAttribute("aria-pressed")) === "true";
  }

  async edit(text, other) {
    await this.row(text)
      .getByRole("button", { name: this.t("audience.own.edit") })
      .click();
    await this.field().fill(other);
    await this.button("audience.ask.send_edit").click();
  }
  async withdraw(text) {
    await this.row(text)
      .getByRole("button", { name: this.t("audience.own.withdraw") })
      .click();
  }

  // Tab by tab, as far as it takes.
  async tabTo(locator) {
    for (let presses = 0; presses < 80; presses++) {
      if (
        await locator
          .first()
          .evaluate((element) => element === document.activeElement)
          .catch(() => false)
      ) {
        return;
      }
      await this.page.keyboard.press("Tab");
    }
    assert.fail("the Tab key never gets there");
  }
  async keysAsk(text) {
    await this.tabTo(this.button("audience.ask"));
    await this.page.keyboard.press("Enter");
    await this.field().waitFor();
    await this.tabTo(this.field());
    await this.page.keyboard.type(text);
    await this.tabTo(this.button("audience.ask.send"));
    await this.page.keyboard.press("Enter");
  }
  async keysVote(text) {
    await this.tabTo(this.voteButton(text));
    await this.page.keyboard.press("Space");
  }
}

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
}
