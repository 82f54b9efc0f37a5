// Ctrl-K: find anything by typing. Without script the same search is a page.
(() => {
  const dialog = document.getElementById("palette");
  if (!dialog || !dialog.showModal) return;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("ul");
  let timer;

  const open = () => { dialog.showModal(); input.select(); };
  document.querySelectorAll(".palette-open").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", open);
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  const show = (found) => {
    list.replaceChildren(...found.map((each) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = each.url;
      link.textContent = each.label;
      const kind = document.createElement("span");
      kind.textContent = each.kind;
      link.append(" ", kind);
      item.append(link);
      return item;
    }));
  };
  const ask = async () => {
    const query = input.value.trim();
    if (!query) return show([]);
    const answer = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } });
    if (answer.ok && input.value.trim() === query) show(await answer.json());
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
  dialog.addEventListener("keydown", (event) => {
    // A field for searching would spend the first Escape on emptying itself.
    if (event.key === "Escape") { event.preventDefault(); dialog.close(); return; }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = [input, ...list.querySelectorAll("a")];
    const next = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (links[next] || input).focus();
    event.preventDefault();
  });
})();
