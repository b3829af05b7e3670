"use strict";
// Without this script the slides stand one below the other. Nothing here makes a request or keeps anything.
(() => {
  const root = document.documentElement;
  const sheets = Array.from(document.querySelectorAll(".sheet"));
  const announcement = document.getElementById("announcement");
  const notesButton = document.getElementById("toggle-notes");
  let at = 0;

  const within = (index) => Math.min(Math.max(index, 0), sheets.length - 1);

  const asked = () => {
    const match = /^#slide-(\d+)$/.exec(location.hash);
    return match ? within(Number(match[1]) - 1) : 0;
  };

  const show = (index) => {
    at = within(index);
    sheets.forEach((sheet, position) => sheet.classList.toggle("current", position === at));
    document.getElementById("previous").disabled = at === 0;
    document.getElementById("next").disabled = at === sheets.length - 1;
    const number = sheets[at].querySelector("footer .number");
    const title = sheets[at].querySelector("h1, h2");
    announcement.textContent = [number, title].map((part) => (part ? part.textContent : "")).join(" ");
    try {
      history.replaceState(null, "", `#slide-${at + 1}`);
    } catch {
      // A page without an address of its own keeps none.
    }
    scrollTo(0, 0);
  };

  const toggleNotes = () => notesButton.setAttribute("aria-pressed", String(root.classList.toggle("with-notes")));

  const toggleFullScreen = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (root.requestFullscreen) root.requestFullscreen().catch(() => {});
  };

  // A last resort for what was measured as fitting and doesn't, such as with a font of the reader's own.
  const fit = () => {
    root.classList.add("measuring");
    const full = sheets.map((sheet) => sheet.querySelector(".content")).filter((content) => content !== null);
    for (const content of full.filter((one) => one.scrollHeight > one.clientHeight + 1)) {
      for (let size = 0.96; content.scrollHeight > content.clientHeight + 1 && size > 0.6; size -= 0.04) {
        content.style.fontSize = `${size}rem`;
      }
      if (content.scrollHeight > content.clientHeight + 1) content.tabIndex = 0;
    }
    root.classList.remove("measuring");
  };

  const keys = {
    ArrowRight: () => show(at + 1),
    ArrowDown: () => show(at + 1),
    PageDown: () => show(at + 1),
    " ": (event) => show(event.shiftKey ? at - 1 : at + 1),
    ArrowLeft: () => show(at - 1),
    ArrowUp: () => show(at - 1),
    PageUp: () => show(at - 1),
    Home: () => show(0),
    End: () => show(sheets.length - 1),
    f: toggleFullScreen,
    n: toggleNotes,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const onControl = event.target instanceof Element && event.target.closest("a, button");
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || (onControl && event.key === " ")) return;
    event.preventDefault();
    act(event);
  });

  let touch = null;
  document.addEventListener("touchstart", (event) => {
    touch = event.touches.length === 1 ? { x: event.touches[0].clientX, y: event.touches[0].clientY } : null;
  }, { passive: true });
  document.addEventListener("touchend", (event) => {
    if (!touch) return;
    const across = event.changedTouches[0].clientX - touch.x;
    const down = event.changedTouches[0].clientY - touch.y;
    touch = null;
    if (Math.abs(across) > 40 && Math.abs(across) > 2 * Math.abs(down)) show(across < 0 ? at + 1 : at - 1);
  }, { passive: true });

  document.getElementById("previous").addEventListener("click", () => show(at - 1));
  document.getElementById("next").addEventListener("click", () => show(at + 1));
  notesButton.addEventListener("click", toggleNotes);
  document.getElementById("full-screen").addEventListener("click", toggleFullScreen);
  addEventListener("hashchange", () => show(asked()));

  root.classList.add("presenting");
  document.getElementById("controls").hidden = false;
  show(asked());
  document.fonts.ready.then(fit);
})();
