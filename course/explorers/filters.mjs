// The filter lab, shown: a picture, three filters whose maps are red, green and blue, ReLU and pooling.

import { cellAt, onKeys, paint } from "./board.mjs";
import {
  BY_HAND, HEIGHT, KINDS, LARGEST, WIDTH, filterOf, judgeSize, padOf, planesOf, pooled, puzzle, relu, shades, sizeOf, sizes,
  steps, summary, swatch, through,
} from "./filters_arithmetic.mjs";
import { GREEN, VERMILLION, clamp, range, signed, tint } from "./kit.mjs";
import { button, question } from "./question.mjs";
import { settings } from "./settings.mjs";
import { openStage } from "./stage.mjs";

const COLOURS = ["red", "green", "blue"];
const VIEWS = ["three as colours", ...COLOURS.map((name) => `${name}, in grey`)];
const SETTINGS = [...COLOURS, "size", "first", "pad", "relu", "pool", "pooling", "view"];
const LARGEST_FILE = 20e6; // bytes
const CELL = 26, MOST_WEIGHT = 9;
const SWATCH = 84, MOST_MAPS = 60;

const shot = (name) => `<figure class="${name}"><figcaption></figcaption><canvas role="img"
  style="display: block; image-rendering: pixelated; contain: strict; outline: 1px solid #8888"></canvas></figure>`;
const BODY = `
<div class="settings" style="--least: 155px"></div>
<div class="line"><button class="redraw">new random filters</button>
  <label style="max-width: none">your picture <input type="file" accept="image/*" style="max-width: 210px"></label>
  <button class="cat">the cat again</button></div>
<p class="told" role="status">A picture of yours stays in this page: it is sent nowhere.</p>
<div class="quiz"></div>
<div class="says secret"><p class="formula"></p><p class="sentence"></p></div>
<div class="boards">${shot("input")}${shot("output secret")}</div>
<div class="boards bank">${COLOURS.map((name) => shot(`filter ${name}`)).join("")}</div>
<div class="edit"><p>Your filter: arrow keys pick a weight, + and − change it, 0 clears it.</p>
  <div class="boards"><figure><div class="board yours" tabindex="0" role="application"
    aria-label="your filter: arrow keys pick a weight, plus and minus change it"><canvas></canvas><div class="here"></div></div></figure></div>
  <div class="line starts"><button class="less">−</button> <button class="more">+</button> <span>start from:</span></div></div>`;

const floats = (view) => new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
const octets = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

function render({ model, el }) {
  const stage = openStage({ model, el }, BODY), { root, $, set, announce } = stage;
  const [input, output, board, told] = [".input canvas", ".output canvas", ".yours", ".told"].map($);
  const swatches = COLOURS.map((name) => $(`.${name} canvas`)), start = $(".told").textContent;
  const one = (name) => ({ label: `shown in ${name}`, choices: KINDS });
  const showSettings = settings($(".settings"), {
    red: one("red"), green: one("green"), blue: one("blue"),
    size: { label: "filter size", limits: [3, LARGEST] },
    first: { label: "trained, from", limits: [0, 29] },
    pad: { label: "pad", choices: ["valid", "same"] },
    relu: { label: "ReLU", switch: true },
    pool: { label: "pool", limits: [1, 4], text: (n) => (n > 1 ? `${n} × ${n}` : "none") },
    pooling: { label: "pooling", choices: ["max", "mean"] },
    view: { label: "show", choices: VIEWS },
  }, set);
  const hatches = {};
  const readNumbers = () => ({ draws: floats(model.get("draws")), trained: floats(model.get("trained")) });
  let now, planes, colours, filters, numbers = readNumbers(), own = null, at = [0, 0];
  const known = new Map(); // maps of this picture, by filter: a change leaves most as they are, and sliders come back

  question($(".quiz"), stage, {
    ask() {
      set({ ...puzzle(Math.random), red: "vertical edges", green: "horizontal edges", blue: "blur" });
      return { text: `How large is each map at the end, from ${HEIGHT} × ${WIDTH}? Rows × columns:` };
    },
    judge: (guess) => judgeSize(now, guess),
  });

  function readPicture() {
    known.clear();
    planes = planesOf(own ?? octets(model.get("picture")), HEIGHT * WIDTH);
    colours = shades(planes.slice(0, 3), false);
    draw();
  }

  function draw() {
    now = stage.get([...SETTINGS, "yours"]);
    now.kinds = COLOURS.map((name) => now[name]);
    showSettings(now);
    const size = sizeOf(now), bank = { ...now, ...numbers };
    filters = now.kinds.map((kind, i) => {
      const tables = filterOf(kind, size, i, bank);
      return { tables, name: `${size} ${kind in BY_HAND ? kind : tables.join(";")}` };
    });
    const maps = filters.map((filter) => stepped(mapOf(filter, size), size));
    const chosen = VIEWS.indexOf(now.view), seen = chosen ? [maps[chosen - 1]] : maps;
    const [, [rows, columns]] = sizes(now), wide = Math.min(440, Math.max(160, (stage.width - 40) / 2));
    const scale = (stage.width < 500 ? Math.min(stage.width - 12, 340) : wide) / WIDTH;
    show(input, colours, HEIGHT, WIDTH, scale, own ? "your picture" : "the picture");
    show(output, shades(seen), rows, columns, scale * now.pool, `${now.view}: ${rows} × ${columns}`);
    drawBank(size);
    drawYours(size);
    tell(seen, chosen, size);
  }

  function mapOf({ tables, name }, size) {
    const pad = padOf(now, size), key = `${pad} ${name}`;
    if (!known.has(key)) {
      if (known.size > MOST_MAPS) known.clear();
      const of = tables.length > 1 ? planes : [planes[3]];
      known.set(key, through(of, HEIGHT, WIDTH, tables, size, pad));
    }
    return known.get(key);
  }

  function stepped(map, size) {
    const [[rows, columns]] = sizes({ ...now, size }), lit = now.relu ? relu(map) : map;
    return now.pool > 1 ? pooled(lit, rows, columns, now.pool, now.pooling) : lit;
  }

  function show(canvas, pixels, rows, columns, scale, said) {
    if (canvas.pixels === pixels && canvas.scale === scale && canvas.ariaLabel === said) return;
    Object.assign(canvas, { pixels, scale });
    if (canvas.width !== columns) canvas.width = columns; // each makes a new bitmap
    if (canvas.height !== rows) canvas.height = rows;
    Object.assign(canvas.style, { width: `${columns * scale}px`, height: `${rows * scale}px` });
    canvas.getContext("2d", { willReadFrequently: true }).putImageData(new ImageData(pixels, columns, rows), 0, 0);
    canvas.ariaLabel = canvas.previousElementSibling.textContent = said;
  }

  function drawBank(size) {
    filters.forEach(({ tables, name }, i) => {
      const canvas = swatches[i], pixels = canvas.shows === name ? canvas.pixels : swatch(tables, size, SWATCH);
      show(canvas, pixels, SWATCH, SWATCH, 1, `${COLOURS[i]}: ${now.kinds[i]}`);
      canvas.shows = name;
    });
  }

  const corner = (size) => (LARGEST - size) >> 1;
  const placeOf = ([row, column], size) => (corner(size) + row) * LARGEST + corner(size) + column;

  function drawYours(size) {
    $(".edit").hidden = !now.kinds.includes("yours");
    if ($(".edit").hidden) return;
    at = at.map((place) => clamp(place, size));
    paint(board, size, size, { cell: CELL, ink: stage.ink, hatches }, (p, q) => {
      const weight = now.yours[placeOf([p, q], size)], strong = 0.1 + Math.min(0.7, Math.abs(weight) / MOST_WEIGHT);
      return [signed(weight), ...(weight ? [tint(weight < 0 ? VERMILLION : GREEN, strong)] : [])];
    });
    Object.assign($(".here").style, {
      width: `${CELL}px`, height: `${CELL}px`, translate: `${at[1] * CELL}px ${at[0] * CELL}px`,
    });
  }

  function tell(seen, chosen, size) {
    const parts = seen.map((map, i) => {
      const { low, high, zeros } = summary(map), name = COLOURS[chosen ? chosen - 1 : i];
      return `${name} from ${Math.round(low)} to ${Math.round(high)}${zeros > 0.005 ? `, ${Math.round(100 * zeros)} % are 0` : ""}`;
    });
    const fixed = size === now.size ? "" : "Trained filters are 5 × 5, so all three are. ";
    const even = size % 2 || now.pad === "valid" ? "" : "An even filter has no middle: same padding loses a row and a column. ";
    $(".formula").textContent = steps(now).map(([name, size]) => `${name}: ${size}`).join("\n");
    $(".sentence").textContent = `${fixed}${even}Each map is scaled by itself to what a screen can show: ${parts.join("; ")}.`
      .replaceAll("-", "−");
    announce(`${steps(now).at(-1).join(": ")}. ${$(".sentence").textContent}`);
  }

  const change = (weight) => set({
    yours: now.yours.map((was, i) => (i === placeOf(at, sizeOf(now)) ? Math.max(-MOST_WEIGHT, Math.min(MOST_WEIGHT, weight(was))) : was)),
  });
  const pick = (place) => { at = place; drawYours(sizeOf(now)); };
  board.onclick = (event) => pick(cellAt(event, CELL));
  onKeys(board, { size: () => [sizeOf(now), sizeOf(now)], at: () => at, go: pick });
  board.addEventListener("keydown", (event) => {
    const by = { "+": (w) => w + 1, "=": (w) => w + 1, "-": (w) => w - 1, "−": (w) => w - 1, 0: () => 0 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    change(by);
    event.preventDefault();
    event.stopPropagation();
  });
  $(".more").onclick = () => change((w) => w + 1);
  $(".less").onclick = () => change((w) => w - 1);
  $(".starts").append(...Object.keys(BY_HAND).filter((name) => name !== "blur").map((name) => button(name, () => {
    const size = sizeOf(now), yours = Array(LARGEST * LARGEST).fill(0);
    BY_HAND[name](size).forEach((w, i) => { yours[placeOf([Math.floor(i / size), i % size], size)] = w; });
    set({ yours: yours.map((w) => Math.max(-MOST_WEIGHT, Math.min(MOST_WEIGHT, w))) });
  })));
  $(".redraw").onclick = () => {
    const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
    set({ draws: new DataView(Float32Array.from({ length: 9 * LARGEST * LARGEST }, normal).buffer) });
  };

  const chooser = $("input[type=file]");
  chooser.onchange = async () => {
    const [file] = chooser.files;
    if (!file) return;
    try {
      if (file.size > LARGEST_FILE) throw Error(`it has ${Math.ceil(file.size / 1e6)} MB, and 20 MB are the most`);
      own = await pixelsOf(file);
      told.textContent = start;
      readPicture();
    } catch (error) {
      told.textContent = `“${file.name}” can't be shown: ${error.message}.`;
    }
  };
  $(".cat").onclick = () => {
    own = null;
    chooser.value = "";
    told.textContent = start;
    readPicture();
  };

  stage.hear(["picture"], readPicture);
  stage.hear([...SETTINGS, "yours"], draw);
  stage.hear(["draws", "trained"], () => { numbers = readNumbers(); draw(); });
  return stage.open(() => (planes ? draw() : readPicture()));
}

/** Pixels of a picture in a file, cut and scaled to 160 x 128, plane by plane. */
async function pixelsOf(file) {
  const picture = await createImageBitmap(file).catch(() => {
    throw Error("it is not a picture that this browser can read");
  });
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  const pen = canvas.getContext("2d"), scale = Math.max(WIDTH / picture.width, HEIGHT / picture.height);
  const [wide, high] = [picture.width * scale, picture.height * scale];
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, (WIDTH - wide) / 2, (HEIGHT - high) / 2, wide, high);
  picture.close();
  const { data } = pen.getImageData(0, 0, WIDTH, HEIGHT), area = WIDTH * HEIGHT;
  return Uint8Array.from({ length: 3 * area }, (_, i) => data[4 * (i % area) + Math.floor(i / area)]);
}

export default { render };
