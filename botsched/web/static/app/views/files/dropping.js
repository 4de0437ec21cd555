/** Files that are dragged into the page from outside. */

/** Watch for files that are dragged over an element; `abort()` on what is returned ends it. */
export function droppedInto(element, over, dropped) {
  const ending = new AbortController();
  const on = (type, act) => element.addEventListener(type, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    act(event);
  }, { signal: ending.signal });
  on("dragover", () => over(true));
  on("dragleave", (event) => event.relatedTarget || over(false));
  on("drop", (event) => {
    over(false);
    dropped([...event.dataTransfer.files]);
  });
  return ending;
}
