
/* Lights up what a claim or key point rests on. The page is whole without it. */
(() => {
  "use strict";
  const root = document.documentElement;
  const rows = new Map([...document.querySelectorAll(".row")].map((row) => [row.id, row]));
  const holders = [...document.querySelectorAll("[data-evidence]")];
  const evidence = new Map(holders.map((holder) => [holder,
    holder.dataset.evidence.split(" ").map((n) => rows.get("s" + n)).filter(Boolean)]));
  const beside = matchMedia("(min-width: 68rem)");
  let pinned = null;
  let still = false; /* after a jump the page, not the mouse, moves: what slides under it is not meant */

  const partners = (thing) => evidence.get(thing) || holders.filter((holder) => evidence.get(holder).includes(thing));

  const light = (thing) => {
    for (const old of document.querySelectorAll(".lit, .chosen")) old.classList.remove("lit", "chosen");
    if (!thing) return;
    thing.classList.add("chosen");
    for (const partner of partners(thing)) partner.classList.add("lit");
  };

  const reveal = (row) => {
    const { top, bottom } = row.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) row.scrollIntoView({ block: "center" });
  };

  const pin = (thing, scroll) => {
    pinned = thing;
    still = true;
    light(thing);
    const first = thing && evidence.has(thing) && evidence.get(thing)[0];
    if (first && scroll && beside.matches) reveal(first);
  };

  const follow = () => {
    const thing = document.getElementById(location.hash.slice(1));
    if (!thing || !(evidence.has(thing) || rows.has(thing.id))) return;
    const details = thing.querySelector("details");
    if (details) details.open = true;
    pin(thing, false);
  };

  for (const thing of [...holders, ...rows.values()]) {
    thing.addEventListener("mouseenter", () => { if (!still) light(thing); });
    thing.addEventListener("mouseleave", () => { if (!still) light(pinned); });
    thing.addEventListener("focusin", () => light(thing));
    thing.addEventListener("focusout", () => light(pinned));
  }
  for (const holder of holders) {
    holder.addEventListener("click", (event) => {
      if (event.target.closest("a") || getSelection().toString()) return;
      const details = holder.querySelector("details");
      const closing = details && details.open && event.target.closest("summary");
      if (!closing) pin(holder, true);
      else if (pinned === holder) pin(null, false);
    });
  }
  addEventListener("mousemove", (event) => { if (event.movementX || event.movementY) still = false; });
  addEventListener("keydown", (event) => { if (event.key === "Escape") pin(null, false); });
  addEventListener("hashchange", follow);

  const closed = () => document.querySelectorAll(".claim details:not([open])");
  let opened = [];
  addEventListener("beforeprint", () => { opened = [...closed()]; for (const details of opened) details.open = true; });
  addEventListener("afterprint", () => { for (const details of opened) details.open = false; opened = []; });

  root.classList.add("scripted");
  follow();
  if (pinned && evidence.has(pinned)) pin(pinned, true);
})();
