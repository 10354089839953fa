// The front page: the server says that something has changed, and the part is fetched anew; without the stream it is
// fetched twice a minute. Everything also works without this file: the page then loads itself anew each minute.
(() => {
  const picture = document.getElementById("picture");
  const status = document.getElementById("picture-live");
  if (!picture) return;

  let etag = null;
  let isFetching = false;
  const place = (html) => {
    const focused = picture.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const isOpen = picture.querySelector("details.unknowns")?.open;
    picture.innerHTML = html;
    if (isOpen) picture.querySelector("details.unknowns")?.setAttribute("open", "");
    if (focused) picture.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  };
  const fetchPart = async () => {
    if (document.hidden || isFetching) return;
    isFetching = true;
    try {
      const answer = await fetch(picture.dataset.part, { headers: etag ? { "If-None-Match": etag } : {} });
      if (answer.status === 200 && !answer.redirected) {
        etag = answer.headers.get("ETag");
        place(await answer.text());
      }
    } catch { /* the next turn tries again */ }
    isFetching = false;
  };

  let polling = null;
  const poll = (milliseconds) => {
    clearInterval(polling);
    polling = setInterval(fetchPart, milliseconds);
  };
  const say = (live) => { status.textContent = live ? status.dataset.live : status.dataset.polling; };
  poll(30000);
  document.addEventListener("visibilitychange", fetchPart);
  if (!("EventSource" in window)) { say(false); return; }
  const stream = new EventSource(picture.dataset.events);
  stream.addEventListener("open", () => { say(true); poll(60000); });
  stream.addEventListener("error", () => { say(false); poll(30000); });
  stream.addEventListener("change", fetchPart);
})();
