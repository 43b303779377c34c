/* Pages that change while they are open: the server says that there is news, and htmx asks for the part that it is in. */
"use strict";
(() => {
  const part = document.querySelector("[data-events]");
  const news = document.getElementById("news");
  let stream = null;

  const told = () => {
    const said = part.querySelector("[data-news]");
    if (said && news && said.dataset.news !== news.dataset.last) {
      if (news.dataset.last !== undefined) news.textContent = said.dataset.news;
      news.dataset.last = said.dataset.news;
    }
  };
  // A browser has few connections to one place: pages that nobody sees give theirs back.
  const listen = () => {
    if (document.hidden) {
      stream?.close();
      stream = null;
    } else if (!stream) {
      stream = new EventSource(part.dataset.events);
      stream.onopen = stream.onmessage = () => htmx.trigger(document.body, "news");
    }
  };
  if (part) {
    told();
    part.addEventListener("htmx:afterSwap", told);
    document.addEventListener("visibilitychange", listen);
    listen();
  }

  const drop = document.querySelector(".drop input");
  const form = drop?.form;
  if (form) {
    for (const kind of ["dragover", "dragleave", "drop"]) {
      form.addEventListener(kind, (event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        form.classList.toggle("over", kind === "dragover");
        if (kind === "drop") drop.files = event.dataTransfer.files;
      });
    }
  }
})();
