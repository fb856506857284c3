// Three things that Discord does and simcord's page does not.

// 1. Relative times run. The page writes "in 20 seconds" once, when it draws a message; here it counts down,
// on the simulation's clock, which differs from this browser's by a constant.
const UNITS = [["second", 60], ["minute", 60], ["hour", 24], ["day", Infinity]];
const IS_RELATIVE = /^in |ago$|^now$|^tomorrow$|^yesterday$/;

function describe(seconds, locale) {
  let amount = seconds;
  for (const [unit, size] of UNITS) {
    if (Math.abs(Math.round(amount)) < size) {
      return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(Math.round(amount), unit);
    }
    amount /= size;
  }
}

setInterval(() => {
  if (!window.simcordPreview) return; // the page is still loading
  const { profile, publication } = window.simcordPreview;
  const ahead = Date.parse(profile.presentationTime) - Date.parse(publication?.publishedAt);
  if (!Number.isFinite(ahead)) return;
  for (const time of document.querySelectorAll("time.discord-timestamp")) {
    if (!IS_RELATIVE.test(time.textContent)) continue;
    const text = describe((Date.parse(time.dateTime) - Date.now() - ahead) / 1000, profile.locale);
    if (time.textContent !== text) time.textContent = text;
  }
}, 500);

// 2. A press counts when its message is edited between finger down and finger up. The page draws an edited
// message anew, and browsers click only what was there at both moments.
const HARDLY_MOVED = 8;
let pressed = null;

document.addEventListener("pointerdown", ({ target, clientX, clientY }) => {
  const control = target instanceof Element ? target.closest("button[data-control-key]") : null;
  pressed = control && { control, clientX, clientY };
}, true);
document.addEventListener("pointerup", ({ clientX, clientY }) => {
  if (pressed && !pressed.control.isConnected
    && Math.hypot(clientX - pressed.clientX, clientY - pressed.clientY) < HARDLY_MOVED) {
    document.querySelector(`button[data-control-key="${CSS.escape(pressed.control.dataset.controlKey)}"]`)?.click();
  }
  pressed = null;
}, true);

// 3. The channel stays at its end, unless somebody scrolls up or looks for something.
const NEAR_PIXELS = 80;
const timeline = document.getElementById("channel-timeline");
let following = true;
let judging = 0; // after a gesture: whether it scrolled up is seen a moment later, and nothing moves until then
let rested = 0; // where the channel was left when it followed last

function pixelsToEnd() { return timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight; }
function follow() {
  if (!following || judging) return;
  if (pixelsToEnd() > 1) timeline.scrollTop = timeline.scrollHeight;
  rested = timeline.scrollTop;
}
function judge() { // a press on a letter is no scrolling, though the receipt below it moves the end away
  judging = 0;
  following = pixelsToEnd() < NEAR_PIXELS || (following && timeline.scrollTop >= rested - 1);
}

for (const kind of ["wheel", "touchmove", "keydown", "pointerup"]) {
  timeline.addEventListener(kind, () => {
    clearTimeout(judging);
    judging = setTimeout(judge, 150);
  }, { passive: true });
}
for (const kind of ["pointerdown", "keydown"]) {
  document.addEventListener(kind, ({ target }) => {
    if (!(target instanceof Element)) return;
    if (target.closest("#messages-sidebar, #toolbar")) following = false;
    else if (target.closest("#channel-composer, #new-messages")) following = true;
  }, true);
}
setInterval(follow, 150);
