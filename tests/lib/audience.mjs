// What people in the room do: ask, vote, show themselves, go on with another device.
import assert from "node:assert/strict";
import { Visitor } from "./visitor.mjs";

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
  async writeCard(sheet, { name, line, web, accounts = [], shown }, save) {
    const field = (key, n) =>
      sheet.getByRole("textbox", { name: this.t(`person.card.${key}`, { n }), exact: true });
    await field("name").fill(name);
    if (line !== undefined) {
      await field("line").fill(line);
    }
    if (web !== undefined) {
      await field("web").fill(web);
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
