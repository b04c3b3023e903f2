// LeNet, walked through: the maps of a cat's face after each step, and the table of its layers.

import { shades } from "./filters_arithmetic.mjs";
import { clamp, range } from "./kit.mjs";
import { SIDE, numbersIn, rounds, sentence } from "./lenet_arithmetic.mjs";
import { player } from "./player.mjs";
import { question } from "./question.mjs";
import { settings } from "./settings.mjs";
import { openStage } from "./stage.mjs";

const MOST_MAPS = 16, SHOWN = 96; // px, the side of one map

const BODY = `
<div class="settings" style="max-width: 220px"></div>
<div class="quiz"></div>
<div class="player secret"></div>
<div class="says secret"><p class="sentence"></p><p class="seen"></p></div>
<div class="boards">${range(0, MOST_MAPS - 1).map(() => `<figure><canvas role="img"
  style="display: block; image-rendering: pixelated; contain: strict; outline: 1px solid #8888"></canvas></figure>`).join("")}</div>
<div class="secret" style="margin-top: 10px; overflow-x: auto" tabindex="0" role="region"
  aria-label="table of the layers"><table><caption>Each step, its output and what it costs:</caption>
  <tr><th scope="col" style="text-align: left">step</th><th scope="col">output</th><th scope="col">parameters</th>
  <th scope="col">multiply-adds</th></tr></table></div>`;

const floats = (view) => new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));

function render({ model, el }) {
  const stage = openStage({ model, el }, BODY), { root, $, set, announce } = stage, table = model.get("table");
  const canvases = Array.from(root.querySelectorAll("canvas"));
  const rows = table.map(([name, shape, ...numbers]) => {
    const row = $("table").insertRow(), head = Object.assign(document.createElement("th"), { scope: "row" });
    row.append(head);
    row.style.whiteSpace = "nowrap";
    for (const text of [shape, ...numbers.map((n) => (n ? n.toLocaleString("en") : "–"))]) row.insertCell().textContent = text;
    return [name, row, head];
  });
  const showSettings = settings($(".settings"), { filters: { label: "filters", choices: ["trained", "random"] } }, set);
  const step = () => clamp(model.get("step"), table.length);
  let done;

  const play = player($(".player"), stage, {
    places: () => table.length, at: step, go: (step) => stage.keep({ step }), said: (at) => sentence(table[at]),
    noun: "step", loops: false, speeds: [5, 1],
  });

  question($(".quiz"), stage, {
    ask() {
      set({ step: 1 + Math.floor(Math.random() * (table.length - 1)) });
      const [before] = table.slice(step() - 1), [name] = table[step()];
      return { text: `${before[1]} numbers come in. How many come out of ${name}, multiplied out?` };
    },
    judge: (guess) => {
      const row = table[step()];
      return [Number.parseInt(guess.replaceAll(/[\s,]/g, ""), 10) === numbersIn(row[1]), sentence(row)];
    },
  });

  function compute() {
    done = rounds(floats(model.get("picture")), floats(model.get(model.get("filters"))));
    draw();
  }

  function draw() {
    showSettings(stage.get(["filters"]));
    const at = step(), { side, maps } = done[Math.min(at, done.length - 1)], asking = root.classList.contains("asking");
    const seen = at === 0 || asking ? [shades(done[0].maps)] : maps.map((map) => shades([map]));
    const shown = at < done.length || asking ? seen : [], n = asking ? SIDE : side;
    canvases.forEach((canvas, i) => {
      canvas.parentElement.hidden = i >= shown.length;
      if (!shown[i]) return;
      if (canvas.width !== n) Object.assign(canvas, { width: n, height: n });
      Object.assign(canvas.style, { width: `${SHOWN}px`, height: `${SHOWN}px` });
      canvas.getContext("2d").putImageData(new ImageData(shown[i], n, n), 0, 0);
      canvas.ariaLabel = at && !asking ? `map ${i}` : "the cat's face";
    });
    rows.forEach(([name, row, head], i) => {
      head.textContent = `${i === at ? "▸" : " "} ${name}`;
      row.style.outline = i === at ? "2px solid var(--accent)" : "";
    });
    $(".sentence").textContent = sentence(table[at]);
    $(".seen").textContent = at < done.length ? "Each map is scaled by itself to what a screen can show."
      : "A fully connected layer has no places: its numbers make no picture. They lead to the ten scores.";
    play.show();
    announce(sentence(table[at]));
  }

  stage.hear(["step", "guessed"], draw);
  stage.hear(["filters", "picture", "trained", "random"], compute);
  return stage.open(() => (done ? draw() : compute()));
}

export default { render };
