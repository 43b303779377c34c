/* The desk's own script: keys, and what rests on what lights up. Every page works without it. */
(() => {
  "use strict";
  const find = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  const typing = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select");
  const beside = matchMedia("(min-width: 68rem)");

  /* What rests on what: a thing with data-evidence="3 4" on the sentences s3 and s4. */
  const holder = (element) => element && element.closest("[data-evidence]");
  const thing = (element) => element && element.closest && element.closest("[data-evidence], .row");
  const sentences = (held) => held.dataset.evidence.split(" ").map((n) => one("s" + n)).filter(Boolean);
  const resting = (row) => find("[data-evidence]").filter((held) => held.dataset.evidence.split(" ").includes(row.id.slice(1)));
  let pinned = "";

  const light = (chosen) => {
    for (const old of find(".lit, .chosen")) old.classList.remove("lit", "chosen");
    if (!chosen) return;
    chosen.classList.add("chosen");
    for (const other of holder(chosen) ? sentences(chosen) : resting(chosen)) other.classList.add("lit");
  };
  const reveal = (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) element.scrollIntoView({ block: "center", behavior: "instant" });
  };
  const key = (chosen) => chosen && (chosen.id || chosen.dataset.evidence);
  const pin = (chosen) => {
    pinned = key(chosen) || "";
    light(chosen);
    if (!chosen || !beside.matches) return;
    const other = (holder(chosen) ? sentences(chosen) : resting(chosen))[0];
    if (other) reveal(other);
  };
  const relight = () => light(pinned ? one(pinned) || find("[data-evidence]").find((held) => key(held) === pinned) : null);

  addEventListener("focusin", (event) => { const chosen = thing(event.target); if (chosen) pin(chosen); });
  addEventListener("click", (event) => {
    const chosen = thing(event.target);
    if (!chosen || event.target.closest("a, button, summary, label") || typing(event.target) || String(getSelection())) return;
    pin(chosen);
    if (chosen.matches("[data-item]")) chosen.focus({ preventScroll: true });
  });
  addEventListener("mouseover", (event) => { const chosen = thing(event.target); if (chosen && !pinned) light(chosen); });
  addEventListener("hashchange", () => { const chosen = thing(one(location.hash.slice(1))); if (chosen) pin(chosen); });

  /* Keys: on sentences and claims, in the order of the page, those of the text and those of the claims apart. */
  const items = (within) => find("[data-item]", within);
  const current = () => document.activeElement.closest("[data-item]") || (pinned && one(pinned) && one(pinned).closest("[data-item]")) || null;
  const list = (item) => item && item.closest("#claims, #text") || one("text");
  const go = (item) => {
    if (!item) return;
    item.focus({ preventScroll: true });
    reveal(item);
  };
  const step = (by, wanted = () => true) => {
    const item = current();
    const all = items(list(item));
    let at = item ? all.indexOf(item) + by : by > 0 ? 0 : all.length - 1;
    while (all[at] && !wanted(all[at])) at += by;
    if (all[at]) go(all[at]);
    return Boolean(all[at]);
  };
  const press = (item, what) => {
    const button = item && item.querySelector(`button[value="${what}"]`);
    if (button) button.click();
    return Boolean(button);
  };
  const edit = (item, name) => {
    const field = item && item.querySelector(`[name="${name}"]`);
    if (!field) return;
    field.closest("details").open = true;
    field.focus();
    if (field.setSelectionRange) field.setSelectionRange(field.value.length, field.value.length);
    reveal(field);
  };
  const other = () => {
    const item = current();
    const claims = item && item.closest("#claims");
    const partner = item && (claims ? sentences(item) : resting(item).filter((held) => held.matches("[data-item]")))[0];
    go(partner || items(one(claims ? "text" : "claims"))[0]);
  };
  const needsLook = (item) => "look" in item.dataset;
  const nextToLook = () => {
    if (step(1, needsLook) || !list(current())) return;
    const rest = items(one(list(current()).id === "text" ? "claims" : "text")).find(needsLook);
    go(rest);
  };
  const keys = {
    j: () => step(1), s: () => step(1), k: () => step(-1), b: () => step(-1),
    n: nextToLook, t: other,
    a: () => press(current(), "accept"), r: () => press(current(), "reject"), o: () => press(current(), "offer1"),
    e: () => edit(current(), "text"), c: () => edit(current(), "speaker"),
    u: () => press(current(), "undo") || (document.activeElement.blur(), press(one("state"), "undo")),
    "?": () => one("keys").showModal(),
    "/": () => one("q") && one("q").focus(),
  };
  addEventListener("keydown", (event) => {
    const field = typing(event.target);
    if (field && event.key === "Enter" && (event.ctrlKey || event.metaKey) && field.form) {
      const save = field.form.querySelector('button[value="edit"]');
      if (save) {
        event.preventDefault();
        save.click();
        if (field.form.checkValidity()) field.closest("[data-item]").focus({ preventScroll: true });  // else it is said at its field
      }
    }
    if (event.key === "Escape" && field) {
      const details = field.closest("details"), item = field.closest("[data-item]");
      if (details && item) { details.open = false; item.focus({ preventScroll: true }); }
    } else if (event.key === "Escape" && !document.querySelector("dialog[open]")) pin(null);
    if (field || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    const does = keys[event.key];
    if (!does || (!one("text") && event.key !== "/")) return;
    event.preventDefault();
    does();
  });
  const show = one("show-keys");
  if (show) { show.hidden = false; show.addEventListener("click", keys["?"]); }

  /* An answer that replaces what somebody is typing into takes neither the words nor the place. */
  let kept = null;
  addEventListener("htmx:oobBeforeSwap", (event) => {
    const field = typing(document.activeElement), item = event.detail.target;
    if (!field || !field.form || !item.contains(field)) return;
    const changed = find("input:not([type=hidden]), textarea", field.form).filter((each) => each.value !== each.defaultValue);
    const chosen = find("select", field.form).filter((each) => !each.selectedOptions[0].defaultSelected);
    kept = { item: item.id, name: field.name, values: [...changed, ...chosen].map((each) => [each.name, each.value]), at: field.selectionStart };
  });
  addEventListener("htmx:oobAfterSwap", () => {
    if (!kept) return;
    const { name, values, at } = kept, item = one(kept.item);
    kept = null;
    edit(item, name);
    for (const [each, value] of values) item.querySelector(`[name="${each}"]`).value = value;
    if (at != null && document.activeElement.setSelectionRange) document.activeElement.setSelectionRange(at, at);
  });
  /* After a decision the focus is where it was, or on what was taken back; whoever has gone on meanwhile stays there. */
  addEventListener("decided", (event) => {
    const item = one(event.detail.item), here = document.activeElement.closest("[data-item]");
    if (item && (!here || here === item && !typing(document.activeElement))) { item.focus({ preventScroll: true }); reveal(item); }
    one("message").textContent = "";
    relight();
  });
  document.documentElement.classList.add("scripted");
  if (location.hash) dispatchEvent(new Event("hashchange"));
})();
