// Django's administration leaves some fields without a name that is read aloud: those in rows of a table, and searches in a list.
(() => {
  const nameRows = () => document.querySelectorAll(".tabular tr.form-row td").forEach((cell) => {
    const heading = cell.closest("table").querySelectorAll("thead th")[cell.cellIndex];
    const name = heading?.textContent.trim();
    if (!name) return;
    cell.querySelectorAll("input:not([type=hidden]), select, textarea").forEach((field) => {
      if (!field.labels?.length) field.setAttribute("aria-label", name);
    });
  });
  const nameSearches = () => document.querySelectorAll(".select2-container").forEach((box) => {
    const field = box.parentElement.querySelector("select");
    const name = field?.labels?.[0]?.textContent.replace(":", "").trim() || field?.getAttribute("aria-label");
    if (!name) return;
    box.querySelectorAll("[role=combobox], [role=textbox], input").forEach((part) => {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", [name, field.selectedOptions[0]?.text].filter(Boolean).join(": "));
    });
  });
  const nameAll = () => {
    nameRows();
    nameSearches();
    document.querySelectorAll(".help-tooltip[aria-label]").forEach((mark) => mark.setAttribute("role", "img"));
  };
  window.addEventListener("load", () => setTimeout(nameAll));
  document.addEventListener("formset:added", () => setTimeout(nameAll));
  document.addEventListener("change", () => setTimeout(nameSearches));
})();
