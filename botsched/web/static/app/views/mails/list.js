/** All mails that are owed, were sent or were given up. */

import { get } from "../../api.js";
import { _, html, nothing, repeat } from "../../lib.js";
import { absolute } from "../../time.js";
import { asking } from "../../ui/busy.js";
import { emptyState } from "../../ui/empty.js";
import { icon } from "../../ui/icon.js";
import { pager } from "../../ui/pager.js";
import { setQuery } from "../../ui/query.js";
import { BaseView } from "../base.js";
import { resendDead } from "./acts.js";
import { filters, isFiltered, wanted } from "./filters.js";
import { row } from "./row.js";

const PAGE = 50;
const TYPING_MS = 300;
const NEAR_TOP = 200; // pixels: who has scrolled further is reading

export default class MailsView extends BaseView {
  constructor(options) {
    super(options);
    this.typed = _.debounce((text) => setQuery({ text }), TYPING_MS);
  }

  get title() {
    return "Mails";
  }

  remove() {
    this.typed.cancel();
    return super.remove();
  }

  async load(signal) {
    const [page, counts] = await Promise.all([
      get("/mails", { ...wanted(this.query), limit: PAGE, cursor: this.query.get("cursor") }, { signal }),
      get("/mails/counts", {}, { signal }),
    ]);
    this.hasNews = false;
    return { mails: page.mails, next: page.next_cursor, counts };
  }

  /** Who has paged or scrolled away is not to lose the place. */
  concerns(event) {
    if (event !== "mail") return false;
    const isReading = this.query.has("cursor") || window.scrollY > NEAR_TOP;
    if (isReading) {
      this.hasNews = true;
      this.render();
    }
    return !isReading;
  }

  content({ mails, next, counts }) {
    return html`<div class="page-head"><h1 class="page-title">${this.title}</h1>${this.deadOnes(counts)}</div>
      ${filters(this.query, counts, { typed: this.typed, jobName: mails[0]?.job_name })}
      <div class="runs-news" role="status">${this.hasNews ? this.newest() : nothing}</div>
      ${mails.length ? this.table(mails) : this.none()}
      ${pager({ query: this.query, next, words: wordsOf(mails, next) })}`;
  }

  /** Those that were given up can be sent all at once, when only they are listed. */
  deadOnes({ states, profiles }) {
    const profile = this.query.get("profile");
    const counted = profile ? profiles.find((each) => each.profile === profile)?.states : states;
    const isNarrower = ["text", "job_id", "execution_id", "digest_id"].some((name) => this.query.has(name));
    if (this.query.get("state") !== "dead" || !counted?.dead || isNarrower) return nothing;
    const send = asking(() => resendDead({ profile, count: counted.dead }, () => this.reload()));
    return html`<div class="actions"><button type="button" class="btn btn-sm btn-outline-secondary" @click=${send}>${icon("arrow-clockwise")} Send all of them</button></div>`;
  }

  newest() {
    return html`<button type="button" class="btn btn-sm btn-primary" @click=${() => this.toNewest()}>${icon("arrow-up")} Some have changed</button>`;
  }

  toNewest() {
    window.scrollTo(0, 0);
    if (this.query.has("cursor")) setQuery({ cursor: "" }, { replace: false });
    else this.reload();
  }

  table(mails) {
    const done = () => this.reload();
    return html`<div class="panel"><table class="table mails">
      <thead><tr><th scope="col">State</th><th scope="col">About</th><th scope="col">Why</th><th scope="col">To</th>
        <th scope="col">When</th><th scope="col" class="number">Attempts</th><th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead>
      <tbody>${repeat(mails, (mail) => mail.mail_id, (mail) => row(mail, done))}</tbody>
    </table></div>`;
  }

  none() {
    if (isFiltered(this.query)) {
      return emptyState("funnel", "No mail fits", "Take a filter away.", html`<a class="btn btn-primary" href="/mails">Without filters</a>`);
    }
    return emptyState("envelope", "No mail is owed, and none was sent",
      "Each mail about an execution stands here from the moment it is owed, until its execution is deleted: with all attempts, and what the mail server said.",
      html`<a class="btn btn-primary" href="/system">Through what mails are sent</a>`);
  }
}

function wordsOf(mails, next) {
  if (!mails.length) return "";
  return next ? `${mails.length} shown, back to ${absolute(mails.at(-1).created_time)}` : `${mails.length} shown, all there are`;
}
