// Drop the file anywhere on the page; without this the form's own button does.
(() => {
  const form = document.getElementById("check-file");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const holdsFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    form.classList.add("is-over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    form.classList.remove("is-over");
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
})();
