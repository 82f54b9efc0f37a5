// The selection board without a round trip: keys, dragging, and the balance counted again after each choice.
// Everything here changes the form only; without script its buttons do the same.
const form = document.getElementById("board");
if (form?.classList.contains("board")) start(form);

function start(board) {
  const rows = [...board.querySelectorAll("tr[data-row]")];
  const said = document.getElementById("said");
  const optionOf = (row, letter) => row.querySelector(`.choice input[value="${letter}"]`);
  const choiceOf = (row) => row.querySelector(".choice input:checked")?.value ?? "";
  const tickOf = (row) => row.querySelector(".pick input");
  const nameOf = (row) => row.querySelector("th a").textContent;

  board.querySelectorAll("[data-without-script]").forEach((part) => { part.hidden = true; });
  board.querySelectorAll("[data-with-script]").forEach((part) => { part.hidden = false; });

  if (matchMedia("(max-width: 64rem)").matches) board.querySelector(".balance").open = false;

  // Choices

  function choose(row, letter) {
    if (!letter) row.querySelectorAll(".choice input").forEach((each) => { each.checked = false; });
    const option = optionOf(row, letter);
    if (option && !option.disabled) option.checked = true;
    return !letter || Boolean(option?.checked);
  }

  function chooseForAll(chosenRows, letter) {
    if (!said) return; // a board that can only be read
    const changed = chosenRows.filter((row) => choose(row, letter));
    const word = board.querySelector(`[data-area="${letter}"]`).dataset.word;
    said.textContent = changed.length ? `${changed.map(nameOf).join("; ")}: ${word}` : said.dataset.nobody;
    count();
  }

  const ticked = () => rows.filter((row) => tickOf(row)?.checked);

  board.addEventListener("change", (event) => { if (event.target.matches(".choice input")) count(); });

  // A choice that is pressed once more is taken back.
  let pressed = null;
  board.addEventListener("pointerdown", (event) => {
    pressed = event.target.closest(".choice label")?.querySelector("input:checked");
  });
  board.addEventListener("click", (event) => {
    if (event.target !== pressed) return;
    pressed.checked = false;
    pressed = null;
    count();
  });

  board.querySelectorAll("[data-area]").forEach((area) => area.addEventListener("click", (event) => {
    event.preventDefault();
    const meant = ticked().length ? ticked() : rows.filter((row) => row === current);
    chooseForAll(meant, area.dataset.area);
    meant.forEach((row) => { if (tickOf(row)) tickOf(row).checked = false; });
  }));

  // The balance: the same keys and the same counts as on the server (enrollment/balance.py).

  function count() {
    const seated = rows.filter((row) => "seated" in row.dataset || choiceOf(row) === "s");
    const keys = new Map();
    seated.forEach((row) => row.dataset.keys.split(" ").forEach((key) => keys.set(key, (keys.get(key) ?? 0) + 1)));
    const of = (key) => keys.get(key) ?? 0;
    const different = (letter) => [...keys.keys()].filter((key) => key.startsWith(letter)).length;
    const share = (key, among) => {
      const whole = among.split(" ").reduce((sum, each) => sum + of(each), 0);
      return whole ? Math.floor(100 * of(key) / whole) : null;
    };
    showSums(of, different);
    board.querySelectorAll("[data-share]").forEach((cell) => { cell.textContent = share(cell.dataset.share, cell.dataset.among) ?? "–"; });
    board.querySelectorAll("[data-aim]").forEach((line) => {
      const { key, letter, among, aim } = line.dataset;
      const value = letter ? different(letter) : among ? share(key, among) : of(key);
      line.querySelector("output").textContent = value ?? "–";
      line.querySelector("[data-met]").hidden = (value ?? 0) < Number(aim);
      line.querySelector("[data-unmet]").hidden = (value ?? 0) >= Number(aim);
    });
    showFree(seated.length);
    board.querySelectorAll("[data-chosen]").forEach((cell) => {
      cell.textContent = rows.filter((row) => choiceOf(row) === cell.dataset.chosen).length;
    });
  }

  function showSums(of, different) {
    board.querySelectorAll("[data-sum]").forEach((cell) => {
      const value = cell.dataset.letter ? different(cell.dataset.letter) : of(cell.dataset.sum);
      cell.textContent = value;
      const line = cell.closest("tr");
      const over = line.querySelector("[data-over]");
      if (!over) return;
      over.hidden = cell.dataset.most === "" || value <= Number(cell.dataset.most);
      line.querySelector("[data-short]").hidden = value >= Number(cell.dataset.least);
    });
  }

  function showFree(taken) {
    const cells = board.querySelectorAll("[data-free]");
    const free = Number(cells[0].dataset.free) - taken;
    cells.forEach((cell) => { cell.textContent = free; });
    board.querySelector("[data-too-many]").hidden = free >= 0;
  }

  // Keys: only while the focus is in the list, never while somebody types.

  let current = null;

  function goTo(row) {
    current?.classList.remove("is-current");
    if (current) current.tabIndex = -1;
    current = row;
    current.tabIndex = 0;
    current.classList.add("is-current");
  }

  rows.forEach((row, index) => {
    row.tabIndex = index ? -1 : 0;
    row.addEventListener("focusin", () => goTo(row));
    row.addEventListener("click", (event) => { if (!event.target.closest("a, input, label, .grip")) row.focus(); });
  });

  const DEEDS = { s: "s", w: "w", r: "r", u: "" };

  function press(event, row) {
    const isChoice = event.target.matches(".choice input");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = rows[rows.indexOf(row) + (event.key === "ArrowDown" ? 1 : -1)];
      next?.focus();
      next?.scrollIntoView({ block: "nearest" });
      return true;
    }
    if (event.key === " " && event.target === row) {
      if (tickOf(row)) tickOf(row).checked = !tickOf(row).checked;
      return true;
    }
    if (!(event.key in DEEDS)) return event.key === "Enter" && (isChoice || event.target === row);
    chooseForAll(tickOf(row)?.checked ? ticked() : [row], DEEDS[event.key]);
    return true;
  }

  board.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr[data-row]");
    const isTyping = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    if (!row || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (press(event, row)) event.preventDefault();
  });

  // Dragging by a grip: onto a button above. With mouse, pen or finger.

  const areaAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-area]");
  const aimAt = (area) => board.querySelectorAll("[data-area]").forEach((each) => each.classList.toggle("is-aimed-at", each === area));

  function drag(down, row) {
    down.preventDefault();
    const grip = down.target;
    const dragged = tickOf(row).checked ? ticked() : [row];
    const ghost = document.createElement("div");
    ghost.className = "drag-ghost";
    ghost.textContent = dragged.length > 1 ? dragged.length : nameOf(row);
    const move = (event) => {
      ghost.style.setProperty("inset-inline-start", `${event.clientX + 12}px`);
      ghost.style.setProperty("inset-block-start", `${event.clientY + 12}px`);
      aimAt(areaAt(event));
    };
    const end = (event) => {
      const area = event.type === "pointerup" ? areaAt(event) : null;
      if (area) chooseForAll(dragged, area.dataset.area);
      if (area) dragged.forEach((each) => { tickOf(each).checked = false; });
      aimAt(null);
      ghost.remove();
      dragged.forEach((each) => each.classList.remove("is-dragged"));
      ["pointermove", "pointerup", "pointercancel"].forEach((kind) => grip.removeEventListener(kind, kind === "pointermove" ? move : end));
    };
    grip.setPointerCapture(down.pointerId);
    grip.addEventListener("pointermove", move);
    grip.addEventListener("pointerup", end);
    grip.addEventListener("pointercancel", end);
    dragged.forEach((each) => each.classList.add("is-dragged"));
    document.body.append(ghost);
    move(down);
  }

  rows.filter(tickOf).forEach((row) => {
    const grip = document.createElement("span");
    grip.className = "grip";
    grip.textContent = "⠿";
    grip.setAttribute("aria-hidden", "true");
    grip.addEventListener("pointerdown", (event) => drag(event, row));
    tickOf(row).before(grip);
  });

  // What others do meanwhile comes by htmx; the rows that it names are marked.

  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "changes") return;
    event.detail.target.querySelectorAll("[data-changed]").forEach((line) => {
      const row = board.querySelector(`tr[data-row="${line.dataset.changed}"]`);
      if (!row || row.classList.contains("is-changed")) return;
      row.classList.add("is-changed");
      const note = document.createElement("div");
      note.className = "sub";
      note.textContent = board.querySelector(".nominees").dataset.changedWord;
      row.querySelector(".choice").previousElementSibling.append(note);
    });
  });

  // What is chosen and not saved is not lost by a wrong click.

  let isSent = false;
  board.addEventListener("submit", () => { isSent = true; });
  window.addEventListener("beforeunload", (event) => {
    const isChanged = [...board.querySelectorAll(".choice input")].some((each) => each.checked !== each.defaultChecked);
    if (isChanged && !isSent) event.preventDefault();
  });

  count();
}
