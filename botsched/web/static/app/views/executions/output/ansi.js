/** Text as programs print it for a terminal, as runs of plain text with a look of their own. */

// Control sequences; strings for the terminal (titles, links) up to their end; other short ones.
const SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|[ -/]*[0-Z\\`-~])/g;
const COLOURING = /^\x1b\[([0-9;:]*)m$/;
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const FLAGS = { 1: "bold", 2: "faint", 3: "italic", 4: "underline", 7: "inverse", 8: "faint", 9: "strike", 21: "underline" };
const OFF = { 22: ["bold", "faint"], 23: ["italic"], 24: ["underline"], 27: ["inverse"], 28: ["faint"], 29: ["strike"] };
const STEPS = [0, 95, 135, 175, 215, 255];

export const PLAIN = Object.freeze({});

/** Without any sequence, and with marks in place of what would not show or would reorder the text. */
export function plain(text) {
  return visible(text.includes("\x1b") ? text.replace(SEQUENCE, "") : text);
}

/** The look in which text goes on behind this text. */
export function lookAfter(look, text) {
  for (const [sequence] of text.matchAll(SEQUENCE)) look = coloured(look, sequence);
  return look;
}

/** Runs `{text, look}` that make up this text, which begins in the look given. */
export function runs(text, look = PLAIN) {
  if (!text.includes("\x1b")) return [{ text: visible(text), look }];
  const found = [];
  let from = 0;
  for (const match of text.matchAll(SEQUENCE)) {
    if (match.index > from) found.push({ text: visible(text.slice(from, match.index)), look });
    look = coloured(look, match[0]);
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ text: visible(text.slice(from)), look });
  return found;
}

function visible(text) {
  return text.replace(CONTROL, (letter) => {
    const code = letter.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

function coloured(look, sequence) {
  const match = COLOURING.exec(sequence);
  if (!match) return look;
  const codes = match[1].split(/[;:]/).map(Number);
  let changed = { ...look };
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at];
    if (code === 0) changed = {};
    else if (FLAGS[code]) changed[FLAGS[code]] = true;
    else if (OFF[code]) for (const name of OFF[code]) delete changed[name];
    else if (code === 38 || code === 48) at += extended(changed, code === 38 ? "fg" : "bg", codes, at + 1);
    else paint(changed, code);
  }
  return changed;
}

function paint(look, code) {
  if (code >= 30 && code <= 37) look.fg = code - 30;
  else if (code >= 90 && code <= 97) look.fg = code - 82;
  else if (code >= 40 && code <= 47) look.bg = code - 40;
  else if (code >= 100 && code <= 107) look.bg = code - 92;
  else if (code === 39) delete look.fg;
  else if (code === 49) delete look.bg;
}

/** A colour of the 256, or of red, green and blue; gives how many codes it took. */
function extended(look, name, codes, at) {
  if (codes[at] === 5) {
    look[name] = ofPalette(codes[at + 1] & 255);
    return 2;
  }
  if (codes[at] !== 2) return 1;
  look[name] = codes.slice(at + 1, at + 4).map((part) => (part || 0) & 255);
  return 4;
}

/** 0 to 15 are those of the theme; the others are a cube of colours and shades of grey. */
function ofPalette(number) {
  if (number < 16) return number;
  if (number >= 232) return Array(3).fill(8 + 10 * (number - 232));
  const cube = number - 16;
  return [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => STEPS[step]);
}
