/** Sizes in words. */

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** "512 B", "1.4 KiB", "23 MiB"; empty for null. */
export function bytes(count) {
  if (count === null || count === undefined) return "";
  let size = count;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const shown = unit === 0 || size >= 10 ? Math.round(size) : size.toFixed(1);
  return `${shown} ${UNITS[unit]}`;
}
