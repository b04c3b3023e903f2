// The stage of an explorer: its element on the page, its traits, its theme and the line that is read aloud.

const ANNOUNCE_AFTER_MS = 400;
const NEAR = { rootMargin: "300px" };
const SAVE_AFTER_MS = 30; // the picture is shown first: to tell the kernel costs a part of a frame
const THEME_MARKS = ["data-jp-theme-light", "data-theme", "data-vscode-theme-kind"]; // JupyterLab, Sphinx, VS Code

/**
 * Put an explorer with this inner HTML on the page, below the line that says what it shows.
 *   $(selector)            its first such element; root is the whole
 *   get([name, ...])       values of these traits as an object
 *   set({name: value})     change traits; the kernel hears of it after the next frame
 *   keep({name: value})    change traits for this page alone, until save()
 *   hear([name, ...], f)   call f once after any of these traits changed, before the next frame
 *   announce(text)         say this aloud a little later, if the reader is in the explorer and nothing plays
 *   atEnd(f)               call f when the explorer goes
 *   open(draw)             draw now and whenever width or theme change; returns what render returns
 *   ink, dark, width       colour of text, whether the page is dark, room in px; 0 before the first drawing
 */
export function openStage({ model, el }, body) {
  const innerHTML = `<p class="what"></p>${body}<p class="live" aria-live="polite"></p>`;
  const root = Object.assign(document.createElement("div"), { className: "explorer", innerHTML });
  root.firstChild.textContent = model.get("what");
  el.append(root);
  const ends = [];
  let waiting = 0, announcement;

  const stage = {
    root, ink: "#111", dark: false, width: 0, playing: false,
    $: (selector) => root.querySelector(selector),
    get: (names) => Object.fromEntries(names.map((name) => [name, model.get(name)])),
    set: (changes) => { stage.keep(changes); stage.save(); },
    keep: (changes) => { for (const [name, value] of Object.entries(changes)) model.set(name, value); },
    save: () => { waiting ||= setTimeout(send, SAVE_AFTER_MS); },
    hear(names, action) {
      // Several traits may change at once: one drawing follows, still before the browser's next frame.
      let waiting = false;
      const soon = () => {
        if (!waiting) queueMicrotask(() => { waiting = false; if (stage.width) action(); });
        waiting = true;
      };
      for (const name of names) model.on(`change:${name}`, soon);
      stage.atEnd(() => names.forEach((name) => model.off(`change:${name}`, soon)));
    },
    announce(text) {
      clearTimeout(announcement);
      const untold = stage.playing || root.classList.contains("asking");
      if (untold || !root.contains(document.activeElement)) return; // or changed from elsewhere
      announcement = setTimeout(() => { root.lastChild.textContent = text; }, ANNOUNCE_AFTER_MS);
    },
    atEnd: (action) => ends.push(action),
    open(draw) {
      const settle = () => settleOn(stage, draw);
      const resized = new ResizeObserver(([{ contentRect }]) => {
        const isNew = root.clientWidth !== stage.width;
        root.style.minHeight = isNew ? 0 : `${contentRect.height}px`; // a slider must not move the page below
        if (isNew) settle();
      });
      const themed = new MutationObserver(settle);
      const boards = root.querySelectorAll(".board");
      const sight = new IntersectionObserver((all) => all.forEach((e) => see(e.target, e.isIntersecting)), NEAR);
      const print = () => boards.forEach((board) => see(board, true));
      resized.observe(root);
      root.onchange = () => { root.style.minHeight = 0; }; // it has been let go
      for (const board of boards) sight.observe(board);
      addEventListener("beforeprint", print);
      for (const page of [document.documentElement, document.body]) {
        themed.observe(page, { attributeFilter: THEME_MARKS });
      }
      return () => {
        ends.forEach((end) => end());
        resized.disconnect();
        sight.disconnect();
        removeEventListener("beforeprint", print);
        themed.disconnect();
        clearTimeout(announcement);
        if (waiting) clearTimeout(waiting), send();
      };
    },
  };

  function send() {
    waiting = 0;
    model.save_changes();
  }

  // JupyterLab's shortcuts match the element that has the focus: to mark only its parents is in vain.
  root.addEventListener("focusin", ({ target }) => { target.dataset.lmSuppressShortcuts = "true"; });
  return stage;
}

/** Boards out of sight are neither painted nor layers of the page, which would cost a part of each frame. */
function see(board, near) {
  board.classList.toggle("away", board.away = !near);
  if (near) board.repaint?.();
}

/** Draw on a page that has changed. To ask for its width or colours at other times would cost a layout. */
function settleOn(stage, draw) {
  const [red, green, blue] = getComputedStyle(stage.root).color.match(/[\d.]+/g).map(Number);
  stage.dark = stage.root.classList.toggle("dark", red + green + blue > 382); // text is light on a dark page
  stage.ink = stage.dark ? "#fff" : "#111";
  stage.width = stage.root.clientWidth || stage.width; // none while a change of theme hides the page
  if (stage.width) draw();
}
