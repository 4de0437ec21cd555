/** How a run of text looks: classes for what the theme knows, colours for all others. */

const DARK = [16, 19, 22]; // the panel behind the text, in both themes
const LEAST_CONTRAST = 4.5;

/** Class names and inline colours of a look. */
export function lookOf({ fg, bg, inverse, ...flags }) {
  if (inverse) [fg, bg] = [bg ?? "panel", fg ?? "text"];
  const classes = Object.keys(flags).map((name) => `ansi-${name}`);
  const style = [];
  add(classes, style, "fg", "color", Array.isArray(fg) && bg === undefined ? readable(fg) : fg);
  add(classes, style, "bg", "background-color", bg);
  return { classes: classes.join(" "), style: style.join(";") };
}

function add(classes, style, name, property, colour) {
  if (Array.isArray(colour)) style.push(`${property}: rgb(${colour.join(", ")})`);
  else if (colour !== undefined) classes.push(`ansi-${name}-${colour}`);
}

/** The same colour, lightened until it can be read. */
function readable(colour) {
  let shown = colour;
  for (let part = 0.1; contrast(shown, DARK) < LEAST_CONTRAST && part <= 1; part += 0.1) {
    shown = colour.map((value) => Math.round(value + (255 - value) * part));
  }
  return shown;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
