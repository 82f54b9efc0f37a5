// An order that can be changed by dragging, by arrow keys and by buttons; it is sent when the person saves it.
// Without script each button sends the form, and the server moves the line.
(() => {
  const fill = (sentence, facts) => sentence.replace(/%\((\w+)\)s/g, (_all, name) => facts[name]);
  const middle = (item) => { const box = item.getBoundingClientRect(); return (box.top + box.bottom) / 2; };

  document.querySelectorAll("form[data-ranking]").forEach((form) => {
    const lists = [...form.querySelectorAll("ol[data-list]")];
    const said = form.querySelector(".ranking-said");

    const number = () => lists.forEach((list) => {
      [...list.children].forEach((item, place) => {
        item.querySelector(".place").textContent = place + 1;
        item.querySelector("input[type=hidden]").name = list.dataset.list;
      });
      const empty = list.nextElementSibling;
      if (empty?.classList.contains("ranking-empty")) empty.hidden = list.children.length > 0;
    });

    const say = (item) => {
      const list = item.parentElement;
      const facts = { name: item.dataset.name, list: list.dataset.label, total: list.children.length };
      facts.place = [...list.children].indexOf(item) + 1;
      said.textContent = fill(form.dataset.moved, facts);
    };

    // `before` null puts it at the end. What was focused in the line is focused again: moving takes the focus away.
    const put = (item, list, before) => {
      if (item.parentElement === list && item.nextElementSibling === before) return false;
      const focused = item.contains(document.activeElement) ? document.activeElement : null;
      list.insertBefore(item, before);
      if (focused) focused.focus();
      number();
      return true;
    };

    const moves = {
      up: (item, list, next) => {
        if (item.previousElementSibling) return put(item, list, item.previousElementSibling);
        return next(-1) ? put(item, next(-1), null) : false;
      },
      down: (item, list, next) => {
        if (item.nextElementSibling) return put(item, list, item.nextElementSibling.nextElementSibling);
        return next(1) ? put(item, next(1), next(1).firstElementChild) : false;
      },
      over: (item, list, next) => put(item, next(1) || next(-1), null),
    };
    const move = (item, name) => {
      const list = item.parentElement;
      const next = (step) => lists[lists.indexOf(list) + step];
      if (moves[name](item, list, next)) say(item);
    };

    form.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=move]");
      if (!button) return;
      event.preventDefault();
      move(button.closest("li"), button.value.split(" ")[0]);
      button.focus();
    });

    form.addEventListener("keydown", (event) => {
      const name = { ArrowUp: "up", ArrowDown: "down" }[event.key];
      if (!name || !event.target.closest(".handle")) return;
      event.preventDefault();
      move(event.target.closest("li"), name);
    });

    const follow = (item, y) => {
      const list = lists.find((each) => y <= each.getBoundingClientRect().bottom) || lists[lists.length - 1];
      const before = [...list.children].find((each) => each !== item && y < middle(each)) || null;
      return put(item, list, before);
    };

    const drag = (item, pointer) => {
      let hasMoved = false;
      const onMove = (event) => {
        if (event.pointerId !== pointer) return;
        event.preventDefault();
        hasMoved = follow(item, event.clientY) || hasMoved;
      };
      const onEnd = (event) => {
        if (event.pointerId !== pointer) return;
        document.removeEventListener("pointermove", onMove);
        document.removeEventListener("pointerup", onEnd);
        document.removeEventListener("pointercancel", onEnd);
        document.body.classList.remove("is-dragging");
        item.classList.remove("is-moving");
        if (hasMoved) say(item);
      };
      document.addEventListener("pointermove", onMove, { passive: false });
      document.addEventListener("pointerup", onEnd);
      document.addEventListener("pointercancel", onEnd);
      document.body.classList.add("is-dragging");
      item.classList.add("is-moving");
    };

    form.querySelectorAll(".handle").forEach((handle) => {
      handle.hidden = false;
      handle.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        handle.focus();
        drag(handle.closest("li"), event.pointerId);
      });
    });
    const hint = form.querySelector(".keyboard-hint");
    if (hint) hint.hidden = false;
  });
})();
