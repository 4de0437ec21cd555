// A classic script in the head: the theme is there before the first paint.
(function () {
  "use strict";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  function wanted() {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch {
      return "auto";
    }
  }
  function apply() {
    const theme = wanted() === "auto" ? (dark.matches ? "dark" : "light") : wanted();
    document.documentElement.setAttribute("data-bs-theme", theme);
  }
  dark.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  window.applyTheme = apply;
  apply();
})();
