// What people do on the pages, in their words: roles and the catalogue's sentences, never markup, so
// that the tests outlive a new look.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { until } from "./bounded.mjs";
import { desk, projector, visit } from "./browser.mjs";
import { words } from "./words.mjs";

// The page's script has drawn it.
export async function ready(page) {
  await page.waitForLoadState("networkidle");
  await page.locator("h1").first().waitFor();
}

// What a button gives to keep.
async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

class Visitor {
  // At a page that is open already.
  static at(page, language = "de") {
    return Object.assign(new this(), { page, t: words(language) });
  }

  static async visit(context, event, { language, address, expected } = {}) {
    const { role } = new this();
    const page = await visit(context, address ?? event.links[role], { expected });
    const visitor = this.at(page, language);
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
      .or(this.page.getByRole("region", { name: this.t("parts.now") }))
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

  dialog(key) {
    return this.page.getByRole("dialog", { name: this.t(key), exact: true });
  }
  async close(key) {
    const sheet = this.dialog(key);
    await sheet.getByRole("button", { name: this.t("parts.close"), exact: true }).click();
    await sheet.waitFor({ state: "hidden" });
  }
  // The way back that stands in the toast.
  async undo() {
    await this.page.getByRole("status").getByRole("button", { name: this.t("parts.undo") }).click();
  }

  // The name under a question.
  askedBy(text, name) {
    return this.row(text).getByText(this.t("parts.asked_by", { name }), { exact: true });
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

  async menu(entry) {
    await this.button("audience.menu").click();
    await this.dialog("audience.menu.title")
      .getByRole("button", { name: this.t(entry), exact: true })
      .click();
  }

  // In a sheet with the form of a card.
  async writeCard(sheet, { name, line, accounts = [], shown }, save) {
    const field = (key, n) =>
      sheet.getByRole("textbox", { name: this.t(`person.card.${key}`, { n }), exact: true });
    await field("name").fill(name);
    if (line !== undefined) {
      await field("line").fill(line);
    }
    for (const [at, account] of accounts.entries()) {
      if (at > 0) {
        await sheet.getByRole("button", { name: this.t("person.card.account.add") }).click();
      }
      await field("account", at + 1).fill(account);
    }
    if (shown !== undefined) {
      await sheet.getByRole("checkbox", { name: this.t("person.card.shown") }).setChecked(shown);
    }
    await sheet.getByRole("button", { name: this.t(save), exact: true }).click();
  }
  async keepCard(says) {
    await this.menu("audience.menu.card");
    await this.writeCard(this.dialog("person.card"), says, "person.card.save");
    await this.says("person.card.saved");
    await this.close("person.card");
  }

  async askAsMe(text) {
    await this.openAsk();
    await this.field().fill(text);
    await this.page.getByRole("radio", { name: this.t("audience.degree.2") }).check();
    await this.button("audience.ask.send").click();
  }

  // "That was me", and the card first where there is none yet.
  async claim(text, card) {
    await this.row(text).getByRole("button", { name: this.t("audience.claim"), exact: true }).click();
    const sheet = this.dialog("person.claim");
    if (card) {
      await this.writeCard(sheet, card, "person.claim.made_on");
    }
    await sheet.getByRole("button", { name: this.t("person.claim.do"), exact: true }).click();
  }
  // Opens what unlinks; the button is left to be pressed.
  async openUnlink(text, name) {
    await this.row(text)
      .getByRole("button", { name: this.t("audience.claim.made", { name }), exact: true })
      .click();
    return this.dialog("person.claim").getByRole("button", { name: this.t("person.claim.unlink") });
  }

  interestButton(text) {
    const begins = ["audience.interest.of", "audience.interest.on_of"];
    const name = new RegExp(begins.map((key) => this.t(key, { n: "" }).trim()).join("|"));
    return this.row(text).getByRole("button", { name });
  }
  async interest(text, card, scope) {
    await this.interestButton(text).click();
    const sheet = this.dialog("person.interest");
    await this.writeCard(sheet, card, "person.claim.made_on");
    await sheet.getByRole("radio", { name: this.t(`person.interest.scope.${scope}`) }).check();
    await sheet.getByRole("button", { name: this.t("person.interest.join"), exact: true }).click();
    await this.says("person.interest.joined");
    return sheet;
  }

  // The texts of one's own questions, as "My questions" has them.
  async mine(count) {
    const name = this.t("audience.mine.count", { n: count });
    await this.page.getByRole("button", { name, exact: true }).click();
    const rows = this.dialog("audience.mine").getByRole("listitem");
    await rows.nth(count - 1).waitFor();
    const texts = await Promise.all(
      (await rows.all()).map(async (row) => (await row.getByRole("paragraph").first().innerText()).trim()),
    );
    await this.close("audience.mine");
    return texts;
  }

  // The words of this device and the link for another one. The link goes by way of the clipboard, which
  // over plain http can be pasted from, but not be read.
  async openDevice() {
    await this.menu("audience.menu.device");
    return this.dialog("audience.menu.device");
  }
  async giveDevice() {
    const sheet = await this.openDevice();
    await sheet.getByRole("button", { name: this.t("person.device.show"), exact: true }).click();
    const list = sheet.getByRole("listitem");
    await list.nth(23).waitFor();
    const typed = (await list.allInnerTexts()).join(" ");
    const label = `${this.t("parts.copy")}: ${this.t("person.device.link")}`;
    await sheet.getByRole("button", { name: label, exact: true }).click();
    await sheet.getByText(this.t("parts.copied"), { exact: true }).first().waitFor();
    const field = this.wordsField(sheet);
    await field.press("Control+v");
    const link = await field.inputValue();
    await this.close("audience.menu.device");
    return { typed, link };
  }
  wordsField(sheet) {
    return sheet.getByRole("textbox", { name: this.t("person.device.typed"), exact: true });
  }
  async typeWords(typed) {
    const sheet = await this.openDevice();
    await this.wordsField(sheet).fill(typed);
    await sheet.getByRole("button", { name: this.t("person.device.read"), exact: true }).click();
  }
  async takeOver() {
    await this.dialog("audience.menu.device")
      .getByRole("button", { name: this.t("person.device.do"), exact: true })
      .click();
  }

  useTicket() {
    return this.dialog("person.ticket.title")
      .getByRole("button", { name: this.t("person.ticket.use"), exact: true })
      .click();
  }

  async forget() {
    await this.button("audience.menu").click();
    await this.button("audience.stored.forget").click();
    await this.says("audience.stored.forgotten");
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
    const csv = await saved(this.page, this.page.getByRole("button", { name }));
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
    return saved(this.page, this.page.getByRole("button", { name }));
  }
}
