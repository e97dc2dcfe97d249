// A list that can be put in another order by pointer or keyboard:
//   <ol data-reorder data-reorder-url="…" data-reorder-name="order"
//     data-say-lifted="…" data-say-moved="… {position} … {count} …" data-say-saved="…" data-say-failed="…" data-say-back="…">
//     <li data-id="12"><button type="button" data-grip hidden>…</button> …</li>
// The grip: Space lifts and drops, the arrows move, Escape puts back. Each drop posts all ids in their order.

const reorder = (list) => {
  const live = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  live.setAttribute("role", "status");
  list.after(live);
  const items = () => [...list.children].filter((item) => item.dataset.id !== undefined);
  const say = (key) => {
    const name = `say${key[0].toUpperCase()}${key.slice(1)}`;
    const place = lifted ? items().indexOf(lifted) + 1 : 0;
    live.textContent = list.dataset[name].replace("{position}", place).replace("{count}", items().length);
  };
  let lifted = null;
  let before = [];

  const lift = (item) => {
    before = items();
    lifted = item;
    item.classList.add("is-lifted");
    item.querySelector("[data-grip]").setAttribute("aria-pressed", "true");
  };
  const settle = () => {
    lifted.classList.remove("is-lifted");
    const grip = lifted.querySelector("[data-grip]");
    grip.setAttribute("aria-pressed", "false");
    grip.focus();
    lifted = null;
  };
  const putBack = () => { list.append(...before); settle(); };
  const drop = async () => {
    const old = before;
    const order = items();
    settle();
    if (order.every((item, place) => item === old[place])) return;
    const body = new URLSearchParams(order.map((item) => [list.dataset.reorderName ?? "order", item.dataset.id]));
    let refusal = "";
    const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
    try {
      const answer = await fetch(list.dataset.reorderUrl, { method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json" } });
      if (answer.status === 409) refusal = (await answer.json()).error;
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      say("saved");
      list.dispatchEvent(new CustomEvent("reordered", { bubbles: true }));
    } catch {
      list.append(...old);
      if (refusal) live.textContent = refusal;
      else say("failed");
      live.classList.remove("visually-hidden");
    }
  };
  const step = (by) => {
    const others = items();
    const target = others[others.indexOf(lifted) + by];
    if (!target) return;
    if (by < 0) target.before(lifted);
    else target.after(lifted);
    lifted.querySelector("[data-grip]").focus();
    say("moved");
  };

  list.addEventListener("keydown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip) return;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === " " || event.key === "Enter") {
      if (lifted) drop();
      else { lift(grip.closest("[data-id]")); say("lifted"); }
    } else if (lifted && by) step(by);
    else if (lifted && event.key === "Escape") { putBack(); say("back"); }
    else return;
    event.preventDefault();
  });
  list.addEventListener("focusout", (event) => {
    const isLeaving = lifted && event.relatedTarget && !lifted.contains(event.relatedTarget);
    if (isLeaving) drop();
  });

  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button) return;
    event.preventDefault();
    if (lifted) settle();
    lift(grip.closest("[data-id]"));
    const move = ({ clientY }) => {
      const others = items();
      const place = others.indexOf(lifted);
      const middle = (item) => { const box = item.getBoundingClientRect(); return box.top + box.height / 2; };
      if (place > 0 && clientY < middle(others[place - 1])) others[place - 1].before(lifted);
      else if (place < others.length - 1 && clientY > middle(others[place + 1])) others[place + 1].after(lifted);
    };
    const end = ({ type }) => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      if (!lifted) return;
      if (type === "pointerup") drop();
      else putBack();
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  });

  for (const grip of list.querySelectorAll("[data-grip]")) {
    grip.hidden = false;
    grip.setAttribute("aria-pressed", "false");
  }
};

for (const list of document.querySelectorAll("[data-reorder]")) reorder(list);
