// Convolution arithmetic for one channel and one filter: what is computed, then how it is shown.
// One long file, because a widget's module reaches the browser as text and cannot import its neighbours.
// The first half repeats conv_arithmetic.py word for word; a test compares them in every geometry.

export const LIMITS = { height: [1, 16], width: [1, 16], kernel: [1, 11], stride: [1, 6], pad: [0, 5],
                        dilation: [1, 3] };
const NAMES = Object.keys(LIMITS);
const MOST_OFFERS = 4;
const PIXELS = [1, 2, 3, 4, 5];
const WEIGHTS = [-2, -1, 1, 2];

export const extent = (g) => g.dilation * (g.kernel - 1) + 1;
export const axes = (g) => [axis(g.height, g), axis(g.width, g)];
export const outputs = (g) => axes(g).reduce((n, a) => n * a.out, 1);
export const fits = (g) => axes(g).every(axisFits);
const axisFits = (a) => a.sticksOut === 0 && a.leftOver === 0;

function axis(size, g) {
  const padded = size + 2 * g.pad, span = padded - extent(g);
  if (span < 0) return { padded, span, out: 0, leftOver: 0, sticksOut: -span };
  return { padded, span, out: Math.floor(span / g.stride) + 1, leftOver: span % g.stride, sticksOut: 0 };
}

export function neighbours(g) {
  if (fits(g)) return [];
  const sides = axes(g).some(axisFits) ? [["height"], ["width"]] : [["height", "width"]];
  const kernelSide = ["stride", "pad", "kernel", "dilation"];
  const pairs = kernelSide.flatMap((a, i) => kernelSide.slice(i + 1).map((b) => [a, b]));
  const nearestOfEach = (groups) => groups.map((names) => nearest(g, names)).filter(Boolean);
  const single = nearestOfEach([...kernelSide.map((name) => [name]), ...sides]);
  const found = single.length ? single : nearestOfEach(pairs);
  return found.sort((a, b) => distance(g, a, NAMES) - distance(g, b, NAMES)).slice(0, MOST_OFFERS);
}

function nearest(g, names) {
  const staysSquare = names.includes("height") && g.height === g.width;
  const options = staysSquare ? range(...LIMITS.height).map((side) => ({ ...g, height: side, width: side }))
    : names.reduce((all, name) => all.flatMap((o) =>
      range(...LIMITS[name]).map((value) => ({ ...o, [name]: value }))), [g]);
  return options.sort((a, b) => distance(g, a, names) - distance(g, b, names)).find(fits);
}

const distance = (g, other, names) => names.reduce((sum, name) => sum + Math.abs(g[name] - other[name]), 0);
const range = (first, last) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

export const change = (g, other) =>
  NAMES.filter((name) => g[name] !== other[name]).map((name) => `${name} ${other[name]}`).join(", ");

export function formula(g) {
  const [rows, columns] = axes(g);
  const symbols = g.dilation === 1 ? "(N + 2P − F)/S + 1" : "(N + 2P − D(F − 1) − 1)/S + 1";
  return [`places = ${symbols}`, ...(g.height === g.width
    ? [withNumbers("rows = columns", g.height, rows, g)]
    : [withNumbers("rows", g.height, rows, g), withNumbers("columns", g.width, columns, g)])];
}

function withNumbers(name, size, a, { kernel, stride, pad, dilation }) {
  const reach = dilation === 1 ? kernel : `${dilation}·(${kernel} − 1) − 1`;
  const whole = `${name} = (${size} + 2·${pad} − ${reach})/${stride} + 1 = ${signed(a.span)}/${stride} + 1`;
  if (a.sticksOut) return `${whole}: ${signed(a.span)} is negative, no output`;
  return `${whole} = ${a.leftOver ? `${decimal(a.span / stride + 1)}, rounded down to ` : ""}${a.out}`;
}

export function sentence(g) {
  const [rows, columns] = axes(g), covered = extent(g);
  if (rows.sticksOut || columns.sticksOut) {
    const by = both(count(rows.sticksOut, "row"), count(columns.sticksOut, "column"));
    return `The kernel covers ${covered} × ${covered} cells, the padded input has ${rows.padded} × ` +
      `${columns.padded}: it sticks out by ${by}, so there is no output.`;
  }
  if (rows.leftOver || columns.leftOver) {
    const left = both(last(rows.leftOver, "row"), last(columns.leftOver, "column"));
    const spans = both(rows.leftOver ? `${rows.span}` : "",
                       columns.leftOver && columns.span !== rows.span ? `${columns.span}` : "");
    const lost = Math.max(rows.leftOver, columns.leftOver) > g.pad;
    return `Stride ${g.stride} does not divide ${spans}: the kernel never reaches ${left} of the padded ` +
      `input${lost ? "" : " (only padding)"}, and the output is rounded down to ` +
      `${rows.out} × ${columns.out}.`;
  }
  return `It fits: the kernel covers ${covered} × ${covered} cells and can stand in ${rows.out} × ` +
    `${columns.out} places.`;
}

export function cellSentence(g, seed, position) {
  if (!outputs(g)) return "No output cell.";
  const [row, column] = windowAt(g, position);
  return `out[${row}, ${column}] = ${signed(patchSum(terms(g, seed, position)))}.`;
}

export function counts(g) {
  const n = outputs(g), conv = g.kernel ** 2, dense = g.height * g.width * n;
  return { conv_weights: conv, conv_multiply_adds: conv * n, dense_weights: dense, dense_multiply_adds: dense };
}

export function windowAt(g, position) {
  const columns = axes(g)[1].out;
  const index = Math.min(position, outputs(g) - 1);
  return [Math.floor(index / columns), index % columns];
}

/** Input cell at (row, column); zero in the padding and beyond. */
export const pixel = (g, seed, row, column) =>
  row < 0 || column < 0 || row >= g.height || column >= g.width ? 0
    : PIXELS[scatter(seed, row, column, 0) % PIXELS.length];
export const weight = (seed, i, j) => WEIGHTS[scatter(seed, i, j, 1) % WEIGHTS.length];

function scatter(seed, row, column, salt) {
  let h = Math.imul(row, 0x85EBCA6B) + Math.imul(column, 0xC2B2AE35) +
    Math.imul(seed, 0x9E3779B1) + Math.imul(salt, 0x27D4EB2F) >>> 0;
  for (const factor of [0x7FEB352D, 0x846CA68B]) h = Math.imul(h ^ (h >>> 16), factor) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}

/** The padded input x, the kernel w and out[r][c] = sum_ij w[i][j] x[S r + D i][S c + D j]. */
export function convolve(g, seed) {
  const [rows, columns] = axes(g), taps = range(0, g.kernel - 1);
  const x = range(0, rows.padded - 1).map((r) => range(0, columns.padded - 1).map((c) =>
    pixel(g, seed, r - g.pad, c - g.pad)));
  const w = taps.map((i) => taps.map((j) => weight(seed, i, j)));
  const out = range(0, rows.out - 1).map((r) => range(0, columns.out - 1).map((c) => {
    let sum = 0;
    for (const i of taps) {
      for (const j of taps) sum += w[i][j] * x[g.stride * r + g.dilation * i][g.stride * c + g.dilation * j];
    }
    return sum;
  }));
  return { x, w, out };
}

/** Rows of [weight, input] pairs whose products add up to the output cell at `position`. */
export function terms(g, seed, position) {
  const [row, column] = windowAt(g, position);
  const [top, left] = [g.stride * row - g.pad, g.stride * column - g.pad];
  return range(0, g.kernel - 1).map((i) => range(0, g.kernel - 1).map((j) =>
    [weight(seed, i, j), pixel(g, seed, top + g.dilation * i, left + g.dilation * j)]));
}

const rowSum = (row) => row.reduce((sum, [w, x]) => sum + w * x, 0);
const patchSum = (rows) => rows.reduce((sum, row) => sum + rowSum(row), 0);

/** The output cell at `position` as a sum to follow by hand, one line for each row of the kernel. */
export function sumLines(g, seed, position) {
  if (!outputs(g)) return [];
  const rows = terms(g, seed, position), sums = rows.map(rowSum);
  const lines = rows.map((row, i) => {
    const sum = row.map(([w, x], j) => `${sign(w, j)}${Math.abs(w)}·${x}`).join("");
    return `${`kernel row ${i}:`.padEnd(14)}${sum}  = ${signed(sums[i]).padStart(3)}`;
  });
  const [row, column] = windowAt(g, position);
  const added = g.kernel > 1 ? `${sums.map((s, i) => sign(s, i) + Math.abs(s)).join("").trim()} = ` : "";
  return [...lines, `${`out[${row}, ${column}]`.padEnd(12)} = ${added}${signed(patchSum(rows))}`];
}

/** Output cells [row, column] that read the cell (row, column) of the padded input. */
export function usedBy(g, row, column) {
  const [rows, columns] = axes(g), taps = range(0, g.kernel - 1).map((i) => g.dilation * i);
  const along = (place, a) => range(0, a.out - 1).filter((o) => taps.includes(place - g.stride * o));
  return along(row, rows).flatMap((r) => along(column, columns).map((c) => [r, c]));
}

/** Pads with a name: null where the kernel has no such pad, or none within the limits. */
export function namedPads(g) {
  const allowed = (pad) => (Number.isInteger(pad) && pad <= LIMITS.pad[1] ? pad : null);
  return { valid: 0, same: allowed((extent(g) - 1) / 2), full: allowed(extent(g) - 1) };
}

const signed = (number) => (number < 0 ? `−${-number}` : `${number}`);
const sign = (number, i) => (i ? (number < 0 ? " − " : " + ") : number < 0 ? "−" : " ");
const decimal = (number) => number.toFixed(2).replace(/0$/, "");
const count = (number, noun) => (number ? `${number} ${noun}${number > 1 ? "s" : ""}` : "");
const last = (number, noun) => (number ? `the last ${number === 1 ? noun : count(number, noun)}` : "");
const both = (first, second) => [first, second].filter(Boolean).join(" and ");

// What follows needs a browser.

const LETTERS = { height: "N", width: "N", kernel: "F", stride: "S", pad: "P", dilation: "D" };
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const CELL_SIZES = [34, 30, 26, 22, 18];
const CANVAS_STEP = 160, BETWEEN_BOARDS = 60;
const ANNOUNCE_AFTER_MS = 400;
const THEME_MARKS = ["data-jp-theme-light", "data-theme", "data-vscode-theme-kind"]; // JupyterLab, Sphinx, VS Code

// Okabe and Ito's colours; what they mean is also said by hatching, outline or text.
const BLUE = "86,180,233", GREEN = "0,158,115", ORANGE = "230,159,0", VERMILLION = "213,94,0", GREY = "128,128,128";
const clamp = (value, n) => Math.max(0, Math.min(value, n - 1));
const tint = (colour, alpha) => `rgba(${colour},${alpha})`;

const BODY = `
<div class="controls">${Object.entries(LIMITS).map(([name, [least, most]]) => `<label>${name} ${LETTERS[name]}
  <b aria-hidden="true"></b><input type="range" data-name="${name}" min="${least}" max="${most}"></label>`).join("")}
</div>
<div class="line"><span>pad:</span>
  <button type="button" data-pad="valid" title="no padding"></button>
  <button type="button" data-pad="same" title="keeps the size at stride 1"></button>
  <button type="button" data-pad="full" title="every place with at least one cell in common"></button>
  <button type="button" class="renew">new numbers</button></div>
<div class="says"><p class="formula"></p><p class="sentence"></p><div class="line offers"></div></div>
<div class="line">
  <button type="button" class="back">◂ back</button> <button type="button" class="play">play</button>
  <button type="button" class="forward">forward ▸</button>
  <label>place <input type="range" class="scrub" min="0"> <b aria-hidden="true"></b></label>
  <label>speed <input type="range" class="speed" min="1" max="30" value="3"> <b aria-hidden="true"></b></label>
</div>
<div class="boards">
  <figure><figcaption></figcaption><div class="board input" tabindex="0" role="application"
    aria-label="padded input: arrow keys pick a cell, the output cells that read it light up">
    <canvas></canvas><canvas class="window"></canvas><canvas></canvas><div class="probe"></div></div></figure>
  <figure><figcaption></figcaption><div class="board" role="img"><canvas></canvas></div></figure>
  <figure><figcaption></figcaption><div class="board output" tabindex="0" role="application"
    aria-label="output: arrow keys move the window, space plays, Home and End go to the ends">
    <canvas></canvas><div class="here"></div><canvas></canvas><canvas class="marks"></canvas></div></figure>
</div>
<p class="legend"></p>
<pre class="sum" tabindex="0" role="region" aria-label="one output cell spelled out"></pre>
<table><caption>To compute this output, without bias:</caption>
  <tr><td></td><th scope="col">weights</th><th scope="col">multiply-adds</th></tr>
  <tr><th scope="row">convolution</th><td class="conv_weights"></td><td class="conv_multiply_adds"></td></tr>
  <tr><th scope="row">dense layer</th><td class="dense_weights"></td><td class="dense_multiply_adds"></td></tr>
</table>
<p class="live" aria-live="polite"></p>`;

/** Clear a canvas of at least this size. A new size costs a new bitmap: it grows in steps, the board clips it. */
function openCanvas(canvas, ...size) {
  const scale = window.devicePixelRatio, pen = canvas.getContext("2d");
  const [width, height] = size.map((length) => Math.ceil(length / CANVAS_STEP) * CANVAS_STEP);
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    pen.scale(scale, scale);
  }
  pen.clearRect(0, 0, width, height);
  return pen;
}

function hatching(colour, crossed) {
  const tile = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
  const pen = tile.getContext("2d");
  pen.strokeStyle = colour;
  for (const x of [-8, 0, 8]) {
    pen.moveTo(x - 1, 9), pen.lineTo(x + 9, -1);
    if (crossed) pen.moveTo(x - 1, -1), pen.lineTo(x + 9, 9);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}

/** Paint cells and, on the board's last canvas, their text; look(row, column) gives [text, ...fills]. */
function paint(board, rows, columns, { cell, ink, hatches }, look) {
  const looks = range(0, rows - 1).map((r) => range(0, columns - 1).map((c) => look(r, c)));
  const content = JSON.stringify([window.devicePixelRatio, cell, ink, looks]);
  if (board.content === content) return;
  board.content = content;
  Object.assign(board.style, { width: `${columns * cell}px`, height: `${rows * cell}px` });
  board.hidden = rows * columns === 0;
  const canvases = board.querySelectorAll("canvas:not([class])");
  const [brush, pen = brush] = Array.from(canvases, (canvas) => openCanvas(canvas, columns * cell, rows * cell));
  const longest = Math.max(1, ...looks.flat().map(([text]) => text.length));
  const font = `${Math.min(cell / 2, (cell * 1.5) / longest)}px ui-monospace, monospace`;
  Object.assign(pen, { font, textAlign: "center", textBaseline: "middle" });
  looks.forEach((row, r) => row.forEach(([text, ...fills], c) => {
    for (const fill of fills) {
      brush.fillStyle = hatches[fill] ?? fill;
      brush.fillRect(c * cell + 0.5, r * cell + 0.5, cell - 1, cell - 1);
    }
    pen.fillStyle = ink;
    pen.fillText(text, (c + 0.5) * cell, (r + 0.53) * cell);
  }));
}

function render({ model, el }) {
  const root = Object.assign(document.createElement("div"), { className: "explorer", innerHTML: BODY });
  el.append(root);
  const $ = (selector) => root.querySelector(selector);
  const [inputBoard, kernelBoard, outputBoard] = root.querySelectorAll(".board");
  const captions = root.querySelectorAll("figcaption");
  const [over, here, marks, mark, scrub, speed] =
    [".window", ".here", ".marks", ".probe", ".scrub", ".speed"].map($);
  const hatches = { padding: hatching(tint(GREY, 0.55), false), amiss: hatching(tint(VERMILLION, 0.75), true) };

  let g, seed, cell, ink, width;
  let hover = null; // output cell under the pointer, shown in place of the chosen one
  let probe = null; // cell of the padded input whose readers light up
  let frame = 0; // of the running animation, 0 while it rests
  let announcement;

  const shown = () => Math.min(hover ?? model.get("position"), outputs(g) - 1);
  const set = (changes) => {
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
    model.save_changes();
  };

  function draw() {
    if (!width) return; // not on the page yet
    g = Object.fromEntries(NAMES.map((name) => [name, model.get(name)]));
    seed = model.get("seed");
    hover = null;
    drawControls();
    drawBoards();
    for (const [key, n] of Object.entries(counts(g))) $(`.${key}`).textContent = n.toLocaleString("en");
    look(null);
    place();
  }

  /** Draw on a page that has changed. To ask for its width or colours at other times would cost a layout. */
  function settle() {
    const [red, green, blue] = getComputedStyle(root).color.match(/[\d.]+/g).map(Number);
    ink = root.classList.toggle("dark", red + green + blue > 382) ? "#fff" : "#111"; // text is light on a dark page
    width = root.clientWidth || width; // none while a change of theme hides the page
    draw();
  }

  function drawControls() {
    for (const name of NAMES) {
      const slider = $(`[data-name=${name}]`);
      slider.value = slider.previousElementSibling.textContent = g[name];
    }
    for (const [name, pad] of Object.entries(namedPads(g))) {
      const button = $(`[data-pad=${name}]`);
      button.textContent = pad === null ? name : `${name}: ${pad}`;
      button.disabled = pad === null;
      button.onclick = () => set({ pad });
      button.setAttribute("aria-pressed", pad === g.pad);
    }
    $(".formula").textContent = formula(g).join("\n");
    $(".sentence").textContent = sentence(g);
    $(".says").classList.toggle("amiss", !fits(g));
    const offers = neighbours(g).map(offer);
    $(".offers").replaceChildren(...(offers.length ? ["nearest settings that fit:", ...offers] : []));
    // JupyterLab's shortcuts match the element that has the focus: to mark only its parents is in vain.
    for (const e of root.querySelectorAll("input, button, [tabindex]")) e.dataset.lmSuppressShortcuts = "true";
    const few = outputs(g) < 2;
    for (const control of [scrub, $(".back"), $(".play"), $(".forward")]) control.disabled = few;
    if (few) play(false);
    scrub.max = Math.max(0, outputs(g) - 1);
  }

  function offer(other) {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.textContent = `${change(g, other)} → ${axes(other).map((a) => a.out).join(" × ")}`;
    button.onclick = () => {
      $(`[data-name=${NAMES.find((name) => other[name] !== g[name])}]`).focus(); // this button goes
      set(other);
    };
    return button;
  }

  function drawBoards() {
    const [rows, columns] = axes(g), covered = extent(g), { x, w, out } = convolve(g, seed);
    const [high, wide] = [Math.max(rows.padded, covered), Math.max(columns.padded, covered)];
    const room = (width - BETWEEN_BOARDS) / (wide + g.kernel + Math.max(columns.out, 3));
    cell = CELL_SIZES.find((size) => size <= room) ?? CELL_SIZES.at(-1);
    const [firstLost, lostFrom] = [rows.padded - rows.leftOver, columns.padded - columns.leftOver];
    const style = { cell, ink, hatches };
    paint(inputBoard, high, wide, style, (r, c) => {
      if (r >= rows.padded || c >= columns.padded) return r < covered && c < covered ? ["", "amiss"] : [""];
      const isPadding = Math.min(r, c) < g.pad || r >= g.pad + g.height || c >= g.pad + g.width;
      const fills = isPadding ? [tint(GREY, 0.12), "padding"] : [tint(BLUE, 0.12 * x[r][c])];
      return [`${x[r][c]}`, ...fills, ...(r >= firstLost || c >= lostFrom ? ["amiss"] : [])];
    });
    paint(kernelBoard, g.kernel, g.kernel, style, (i, j) =>
      [signed(w[i][j]), tint(ORANGE, 0.25 * Math.abs(w[i][j]))]);
    kernelBoard.ariaLabel = `kernel, row by row: ${w.map((row) => row.map(signed).join(" ")).join("; ")}`;
    paint(outputBoard, rows.out, columns.out, style, (r, c) => [signed(out[r][c]), tint(GREEN, 0.25)]);
    drawWindow(covered * cell);
    for (const square of [here, mark]) square.style.width = square.style.height = `${cell}px`;
    captions[0].textContent = `${g.pad ? "padded input" : "input"} ${rows.padded} × ${columns.padded}`;
    captions[1].textContent = `kernel ${g.kernel} × ${g.kernel}`;
    captions[2].textContent = outputs(g) ? `output ${rows.out} × ${columns.out}` : "no output";
    const crossed = !fits(g) && `crossed: ${outputs(g) ? "never reached" : "where the kernel sticks out"}`;
    $(".legend").textContent = ["blue: input", g.pad && "hatched: padding", "orange: what the window reads", crossed]
      .filter(Boolean).join(" · ");
  }

  function drawWindow(side) {
    const pen = openCanvas(over, side, side), taps = range(0, g.kernel - 1).map((i) => g.dilation * i * cell);
    pen.fillStyle = tint(ORANGE, 0.6);
    for (const top of taps) for (const left of taps) pen.fillRect(left + 0.5, top + 0.5, cell - 1, cell - 1);
    const frames = [{ lineWidth: 5, strokeStyle: ink }, { lineWidth: 2.5, strokeStyle: tint(ORANGE, 1) }];
    for (const style of frames) Object.assign(pen, style).strokeRect(2.5, 2.5, side - 5, side - 5);
  }

  const put = (square, row, column) => { square.style.translate = `${column * cell}px ${row * cell}px`; };

  function place() {
    const n = outputs(g), [row, column] = n ? windowAt(g, shown()) : [0, 0];
    put(over, g.stride * row, g.stride * column);
    put(here, row, column);
    scrub.value = Math.max(shown(), 0);
    scrub.nextElementSibling.textContent = n ? `${shown() + 1} of ${n}` : "none";
    scrub.setAttribute("aria-valuetext", n ? `output row ${row}, column ${column}` : "no output");
    speed.nextElementSibling.textContent = `${speed.value}/s`;
    $(".sum").hidden = n === 0;
    $(".sum").textContent = sumLines(g, seed, shown()).join("\n");
    announce(`${sentence(g)} ${cellSentence(g, seed, shown())}`);
  }

  function look(at) {
    probe = at;
    marks.hidden = mark.hidden = !at;
    if (!at) return;
    const pen = openCanvas(marks, ...axes(g).map((a) => a.out * cell).reverse());
    put(mark, ...at);
    const readers = usedBy(g, ...at), many = count(readers.length, "output cell");
    Object.assign(pen, { strokeStyle: ink, lineWidth: 3 });
    pen.setLineDash([3, 3]);
    for (const [r, c] of readers) pen.strokeRect(c * cell + 3, r * cell + 3, cell - 6, cell - 6);
    announce(`Padded input row ${at[0]}, column ${at[1]}, read by ${many || "no output cell"}.`);
  }

  function announce(text) {
    clearTimeout(announcement);
    if (frame || !root.contains(document.activeElement)) return; // running, or changed from elsewhere
    announcement = setTimeout(() => { $(".live").textContent = text; }, ANNOUNCE_AFTER_MS);
  }

  function step(by) {
    hover = null;
    model.set("position", (shown() + (by % outputs(g)) + outputs(g)) % outputs(g));
  }

  function play(on) {
    cancelAnimationFrame(frame);
    frame = 0;
    $(".play").textContent = on ? "pause" : "play";
    if (!on) return;
    let then = performance.now();
    const tick = (now) => {
      const steps = Math.floor(((now - then) * speed.value) / 1000);
      if (steps > 0) step(steps);
      then += (Math.max(steps, 0) * 1000) / speed.value;
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
  }

  function toggle() {
    play(!frame && outputs(g) > 1);
    place();
    model.save_changes(); // the kernel hears where the window stopped, not of each place on the way
  }

  function onKeys(board, size, current, go) {
    board.addEventListener("keydown", (event) => {
      const [high, wide] = axes(g).map((a) => a[size]), [row, column] = current(), by = ARROWS[event.key];
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (by) go([clamp(row + by[0], high), clamp(column + by[1], wide)]);
      else if (event.key === "Home") go([0, 0]);
      else if (event.key === "End") go([high - 1, wide - 1]);
      else if (event.key === " ") toggle();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  // An event's offsets count from the board: what lies on it lets the pointer through.
  const cellAt = ({ offsetX: x, offsetY: y, currentTarget: board }) =>
    [[y, board.clientHeight], [x, board.clientWidth]].map(([at, size]) => Math.floor(clamp(at, size) / cell));
  const positionOf = ([row, column]) => row * axes(g)[1].out + column;
  const point = (position) => { hover = frame ? null : position; place(); };
  const choose = (at) => { set({ position: positionOf(at) }); point(null); };
  onKeys(outputBoard, "out", () => windowAt(g, shown()), choose);
  onKeys(inputBoard, "padded", () => probe ?? [g.pad, g.pad - 1], look);
  outputBoard.onclick = (event) => choose(cellAt(event));
  outputBoard.onpointermove = (event) => point(positionOf(cellAt(event)));
  outputBoard.onpointerleave = () => point(null);
  inputBoard.onpointermove = inputBoard.onpointerdown = (event) => look(cellAt(event));
  inputBoard.onpointerleave = inputBoard.onblur = () => look(null);
  $(".controls").oninput = ({ target }) => set({ [target.dataset.name]: target.valueAsNumber });
  $(".renew").onclick = () => set({ seed: (seed + 1) % 1000 });
  $(".play").onclick = toggle;
  $(".back").onclick = () => (step(-1), model.save_changes());
  $(".forward").onclick = () => (step(1), model.save_changes());
  scrub.oninput = () => set({ position: scrub.valueAsNumber });
  speed.oninput = place;

  // Several traits may change at once: one drawing follows, still before the browser's next frame.
  const soon = (action, waiting = false) => () => {
    if (!waiting) queueMicrotask(() => { waiting = false; action(); });
    waiting = true;
  };
  const drawSoon = soon(draw);
  const heard = [...NAMES, "seed"].map((name) => [`change:${name}`, drawSoon]);
  heard.push(["change:position", soon(place)]);
  for (const [event, action] of heard) model.on(event, action);
  const resized = new ResizeObserver(() => root.clientWidth !== width && settle());
  resized.observe(root);
  const themed = new MutationObserver(settle);
  const pages = [document.documentElement, document.body];
  for (const page of pages) themed.observe(page, { attributeFilter: THEME_MARKS });

  return () => {
    play(false);
    clearTimeout(announcement);
    for (const observer of [resized, themed]) observer.disconnect();
    for (const [event, action] of heard) model.off(event, action);
  };
}

export default { render };
