// The player: steps through places, by hand or by itself.

const BODY = `
<button class="back">◂ back</button> <button class="play">play</button>
<button class="forward">forward ▸</button>
<label><span></span> <input type="range" class="scrub" min="0"> <b aria-hidden="true"></b></label>
<label>speed <input type="range" class="speed" min="1"> <b aria-hidden="true"></b></label>`;

/**
 * Fill a box with back, play, forward, scrub and speed.
 *   places()   how many places there are now;  at()   the place that is shown
 *   go(place)  keep the new place in a trait (stage.keep): the kernel hears of it when the player rests
 *   said(place)  the place in words;  noun   what a place is called on the slider
 *   loops      after the last place comes the first, else it stops there;  speeds   [most, first], steps a second
 * Returns show() to call at each drawing, toggle(), and stop().
 */
export function player(box, stage, { places, at, go, said, noun = "place", loops = true, speeds = [30, 3] }) {
  box.classList.add("line");
  box.innerHTML = BODY;
  box.querySelector("span").textContent = noun;
  const [back, play, forward, scrub, speed] = box.querySelectorAll("button, input");
  [speed.max, speed.value] = speeds;
  let frame = 0;

  function step(by) {
    const n = places(), next = at() + by;
    go(loops ? ((next % n) + n) % n : Math.max(0, Math.min(next, n - 1)));
  }

  function run(on) {
    cancelAnimationFrame(frame);
    frame = 0;
    stage.playing = on;
    play.textContent = on ? "pause" : "play";
    if (!on) return;
    let then = performance.now();
    const tick = (now) => {
      const steps = Math.floor(((now - then) * speed.value) / 1000);
      if (steps > 0) step(steps);
      then += (Math.max(steps, 0) * 1000) / speed.value;
      if (!loops && at() >= places() - 1) return rest(false);
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
  }

  function rest(on) {
    run(on);
    go(at());
    stage.save();
  }

  function show() {
    const n = places(), place = Math.max(0, at());
    for (const control of [back, play, forward, scrub]) control.disabled = n < 2;
    if (n < 2 && frame) run(false);
    scrub.max = Math.max(0, n - 1);
    scrub.value = place;
    scrub.nextElementSibling.textContent = n ? `${place + 1} of ${n}` : "none";
    scrub.setAttribute("aria-valuetext", n ? said(place) : "none");
    speed.nextElementSibling.textContent = `${speed.value}/s`;
  }

  function toggle() {
    if (places() < 2) return;
    if (!frame && !loops && at() >= places() - 1) go(0);
    rest(!frame);
  }

  play.onclick = toggle;
  back.onclick = () => (step(-1), stage.save());
  forward.onclick = () => (step(1), stage.save());
  scrub.oninput = () => (go(scrub.valueAsNumber), stage.save());
  speed.oninput = show;
  stage.atEnd(() => run(false));
  return { show, toggle, stop: () => run(false) };
}
