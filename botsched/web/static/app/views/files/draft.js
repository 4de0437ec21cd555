/** A text while it is edited. */

/**
 * Fields of a page have line feeds only, so a file with CRLF is shown with LF and written with CRLF
 * again. `hasMixedEnds`: both are in it; all of them become LF when it is saved.
 */
export class Draft {
  constructor({ text, version }) {
    const original = text ?? "";
    const returns = original.match(/\r\n?/g)?.length ?? 0;
    const feeds = original.match(/\n/g)?.length ?? 0;
    const pairs = original.match(/\r\n/g)?.length ?? 0;
    this.version = version;
    this.hasPairs = pairs > 0 && pairs === feeds && pairs === returns;
    this.hasMixedEnds = returns > 0 && !this.hasPairs;
    this.saved = original.replace(/\r\n?/g, "\n");
    this.text = this.saved;
  }

  get isChanged() {
    return this.text !== this.saved;
  }

  /** The text as it is to be written. */
  get written() {
    return this.hasPairs ? this.text.replace(/\n/g, "\r\n") : this.text;
  }

  /** This text was saved, and is of this version; more may have been written since. */
  savedAs(text, version) {
    this.version = version;
    this.saved = text;
  }
}
