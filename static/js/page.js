// Small helps of every page; each page does its work without them.
(() => {
  // A menu closes when one clicks elsewhere or presses Escape.
  const menus = () => document.querySelectorAll("details.own[open]");
  document.addEventListener("click", (event) => {
    menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });

  // After a refused form the reader starts at the list of what is wrong.
  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();

  // A table that is wider than the screen says so.
  const sentence = document.getElementById("main")?.dataset.scrolls;
  const sayWhereItScrolls = () => document.querySelectorAll(".table-responsive, .table-scroll").forEach((table) => {
    const said = table.previousElementSibling?.classList.contains("scroll-hint") ? table.previousElementSibling : null;
    const scrolls = table.scrollWidth > table.clientWidth + 1;
    if (said) said.hidden = !scrolls;
    if (said || !scrolls) return;
    const hint = document.createElement("p");
    hint.className = "scroll-hint";
    hint.textContent = sentence;
    table.before(hint);
  });
  sayWhereItScrolls();
  window.addEventListener("resize", sayWhereItScrolls);
  document.addEventListener("htmx:afterSettle", sayWhereItScrolls);

  // What a choice brings up further down, below a phone's long list, comes into sight.
  document.addEventListener("htmx:afterSettle", (event) => {
    const answer = event.detail.target;
    const isBelow = answer.getBoundingClientRect().top > window.innerHeight * 0.8;
    if (answer.getAttribute("aria-live") && isBelow) (answer.closest("section") || answer).scrollIntoView();
  });
})();
