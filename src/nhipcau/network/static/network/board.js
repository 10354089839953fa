// The live board: changed tiles, rows and figures come as a stream; without it the part is fetched twice a minute.
// Everything also works without this file: the page then loads itself anew each minute.
(() => {
  const board = document.getElementById("board");
  const status = document.getElementById("board-live");
  if (!board) return;

  const place = (html) => {
    const box = document.createElement("template");
    box.innerHTML = html;
    for (const fresh of box.content.querySelectorAll("[id]")) {
      const old = document.getElementById(fresh.id);
      if (!old) continue;
      const hadFocus = old.contains(document.activeElement);
      old.replaceWith(fresh);
      fresh.classList.add("just-changed");
      if (hadFocus) fresh.querySelector("a")?.focus();
    }
  };

  let etag = null;
  const fetchPart = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(board.dataset.part, { headers: etag ? { "If-None-Match": etag } : {} });
      if (answer.status !== 200 || answer.redirected) return;
      etag = answer.headers.get("ETag");
      place(await answer.text());
    } catch { /* the next turn tries again */ }
  };

  let polling = null;
  const poll = (milliseconds) => {
    clearInterval(polling);
    polling = setInterval(fetchPart, milliseconds);
  };

  const say = (live) => { status.textContent = live ? status.dataset.live : status.dataset.polling; };
  poll(30000);
  if (!("EventSource" in window)) { say(false); return; }
  const stream = new EventSource(board.dataset.events);
  // what becomes late does so without an event: with the stream, the part is still fetched now and then
  stream.addEventListener("open", () => { say(true); poll(120000); });
  stream.addEventListener("error", () => { say(false); poll(30000); });
  stream.addEventListener("change", (event) => place(event.data));
})();
