(() => {
  const INTERACTIVE = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  let reachable = [];
  let unseen = new Set();

  /** What can be scrolled to the side, or sticks out there; but for regions that say that they can. */
  function sideways() {
    const root = document.documentElement;
    const over = root.scrollWidth - root.clientWidth;
    const found = [...document.querySelectorAll("body, body *")].filter((element) => {
      const scrolls = /auto|scroll/.test(getComputedStyle(element).overflowX) && element.tabIndex < 0;
      const box = element.getBoundingClientRect();
      return (scrolls && element.scrollWidth > element.clientWidth + 1)
        || (over > 0 && box.width > 0 && box.right > root.clientWidth + 1);
    });
    return [...(over > 0 ? [`the page, by ${over} px`] : []), ...found.map(name)];
  }

  /** Note from now on what the keyboard reaches; of a group of radio buttons that is one. */
  function watch() {
    const groups = new Set();
    reachable = [...document.querySelectorAll(INTERACTIVE)].filter((element) => {
      const rests = element.disabled || element.tabIndex < 0 || element.closest("[inert]");
      if (rests || !element.checkVisibility({ visibilityProperty: true })) return false;
      if (element.type !== "radio") return true;
      return !groups.has(element.name) && groups.add(element.name);
    });
    document.addEventListener("focusin", ({ target }) => arrived(target));
    return reachable.length;
  }

  function arrived(now) {
    reachable = reachable.filter((each) =>
      each !== now && !(each.type === "radio" && now.type === "radio" && each.name === now.name));
    const style = getComputedStyle(now);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    if (!outlined && style.boxShadow === "none") unseen.add(now);
  }

  /** What was not reached, and what did not show that it was. Gone is what the view drew anew. */
  function missed() {
    const left = reachable.filter((each) => each.isConnected);
    return [
      ...left.map((each) => `not reached: ${name(each)}`),
      ...[...unseen].map((each) => `focus unseen: ${name(each)}`),
    ];
  }

  function name(element) {
    return element.outerHTML.replace(/<!--[^]*?-->|\s+/g, " ").slice(0, 150);
  }

  window.__looking = { sideways, watch, missed };
})();
