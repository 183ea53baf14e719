// Interactive four-colour map of one payload (the columns are listed in _page.py).
// World coordinates: degrees from the middle of the data, longitude times the cosine
// of the middle latitude, y to the south. Everything that comes from data reaches the
// page through textContent or canvas text, never as markup.
(() => {
"use strict";
const $ = (id) => document.getElementById(id);
const data = JSON.parse($("payload").textContent);
const T = JSON.parse($("words").textContent);
const say = (key, n, all) => T[key].replace("{n}", n).replace("{all}", all);
const KM = 111.195;      // kilometres in a degree of the mean sphere
const SPACING = 32;      // CSS pixels: symbols nearer than this become one cluster
const LIST = 50;         // rows in a list of points
const ALL = 31;          // bits of the five grades
const fmt = (n) => n.toLocaleString("en-US");
const still = matchMedia("(prefers-reduced-motion: reduce)");

// ---- data ---------------------------------------------------------------------------
const R = Object.assign({code: [], name: [], grade: [], counts: [], polygons: []}, data.regions);
const P = Object.assign({id: [], name: [], enterprise: [], lon: [], lat: [], grade: [], score: [], explanation: [], region: []}, data.points);
const N = P.id.length, unit = data.unit || 1e-6;
const nothing = () => [Infinity, Infinity, -Infinity, -Infinity];
const box = nothing();
const grow = (b, x, y) => {
  if (x < b[0]) b[0] = x;
  if (y < b[1]) b[1] = y;
  if (x > b[2]) b[2] = x;
  if (y > b[3]) b[3] = y;
};
const areas = R.polygons.map((polygons) => ({rings: (polygons || []).flat().map((flat) => {
  const ring = new Float64Array(flat.length);
  for (let i = 0, x = 0, y = 0; i + 1 < flat.length; i += 2) {
    ring[i] = x += flat[i];
    ring[i + 1] = y += flat[i + 1];
    grow(box, x, y);
  }
  return ring;
})}));
const placed = (i) => Number.isFinite(P.lon[i]) && Number.isFinite(P.lat[i]);
let lost = 0;
for (let i = 0; i < N; i++) placed(i) ? grow(box, P.lon[i], P.lat[i]) : lost++;
const blank = box[0] > box[2];
const midX = blank ? 0 : (box[0] + box[2]) / 2, midY = blank ? 0 : (box[1] + box[3]) / 2;
const shrink = Math.cos(midY * unit * Math.PI / 180);
const wx = (u) => (u - midX) * unit * shrink, wy = (u) => (midY - u) * unit;
const world = blank ? [-.1, -.1, .1, .1] : [wx(box[0]), wy(box[3]), wx(box[2]), wy(box[1])];
const X = new Float64Array(N), Y = new Float64Array(N);
for (let i = 0; i < N; i++) {
  X[i] = placed(i) ? wx(P.lon[i]) : NaN;
  Y[i] = placed(i) ? wy(P.lat[i]) : NaN;
}
areas.forEach((a) => {
  a.box = nothing();
  let widest = null, best = 0;
  for (const ring of a.rings) {
    let sum = 0;
    for (let i = 0; i < ring.length; i += 2) {
      grow(a.box, ring[i] = wx(ring[i]), ring[i + 1] = wy(ring[i + 1]));
      if (i) sum += ring[i - 2] * ring[i + 1] - ring[i] * ring[i - 1];
    }
    if (Math.abs(sum) > best) [best, widest] = [Math.abs(sum), ring];
  }
  a.size = best;
  a.at = widest && middle(a, widest);
});

// Where a region's name stands: the middle of the widest stretch inside, of 15 lines
// across its largest ring, those far from the middle counting less.
function middle(a, ring) {
  const b = nothing();
  for (let i = 0; i < ring.length; i += 2) grow(b, ring[i], ring[i + 1]);
  let best = -1, at = [(b[0] + b[2]) / 2, (b[1] + b[3]) / 2];
  for (let line = 1; line < 16; line++) {
    const y = b[1] + (b[3] - b[1]) * line / 16, cuts = [];
    for (const other of a.rings) cross(other, y, (x) => cuts.push(x));
    cuts.sort((p, q) => p - q);
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const value = (cuts[i + 1] - cuts[i]) * (1 - Math.abs(line - 8) / 12);
      if (value > best) [best, at] = [value, [(cuts[i] + cuts[i + 1]) / 2, y]];
    }
  }
  return at;
}
function cross(ring, y, take) {
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const y1 = ring[i + 1], y2 = ring[j + 1];
    if (y1 > y !== y2 > y) take(ring[i] + (y - y1) / (y2 - y1) * (ring[j] - ring[i]));
  }
}
function regionAt(x, y) {
  return areas.findIndex((a) => {
    if (x < a.box[0] || x > a.box[2] || y < a.box[1] || y > a.box[3]) return false;
    let odd = false;
    for (const ring of a.rings) cross(ring, y, (at) => { if (at > x) odd = !odd; });
    return odd;
  });
}

// Gravest first, then by id: the order in which points found clusters and lists are
// filled, so that nothing depends on the order of the rows.
const order = [];
for (let g = 4; g >= 0; g--) {
  const part = [];
  for (let i = 0; i < N; i++) if (P.grade[i] === g) part.push(i);
  const before = (a, b) => P.id[a] < P.id[b] ? -1 : P.id[a] > P.id[b] ? 1 : 0;
  if (part.some((v, i) => i && before(part[i - 1], v) > 0)) part.sort(before);
  for (const i of part) order.push(i);
}

// ---- colours and symbols --------------------------------------------------------------
const safe = {red: "#B2001E", orange: "#F58518", yellow: "#FFEB5C", blue: "#1D5FC4", unassessed: "#D9D9D9"};
const color = ["unassessed", "blue", "yellow", "orange", "red"].map((name) => {
  const c = String((data.palette || {})[name]);
  return /^#[0-9a-f]{6}$/i.test(c) ? c : safe[name];
});
const rgb = (c) => [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16));
const mix = (c, to, part) => `rgb(${rgb(c).map((v, i) => Math.round(v + (rgb(to)[i] - v) * part))})`;
const luma = (c) => rgb(c).reduce((sum, v, i) => sum + v * [.299, .587, .114][i], 0);
const inkOn = color.map((c) => luma(c) > 125 ? "#18222e" : "#ffffff");
const tint = color.map((c, g) => mix(c, "#ffffff", g ? .36 : .3));
const FONT = getComputedStyle(document.body).fontFamily;
const dim = (c, w, h) => { c.width = w; c.height = h; return c.getContext("2d"); };
const canvas = () => document.createElement("canvas");

function hatch(g, ratio) {
  const c = canvas(), size = Math.round(8 * ratio), ctx = dim(c, size, size);
  ctx.strokeStyle = ctx.fillStyle = mix(color[g], g > 3 ? "#ffffff" : "#000000", g > 3 ? .55 : .32);
  ctx.lineWidth = ratio;
  ctx.beginPath();
  if (g === 2) {
    for (const at of [2, 6]) { ctx.moveTo(at * ratio, at * ratio); ctx.arc(at * ratio, at * ratio, ratio * .95, 0, 7); }
    ctx.fill();
  } else {
    for (const shift of [-size, 0, size]) {
      ctx.moveTo(shift - 1, size + 1);
      ctx.lineTo(shift + size + 1, -1);
      if (g === 4) { ctx.moveTo(shift - 1, -1); ctx.lineTo(shift + size + 1, size + 1); }
    }
    ctx.stroke();
  }
  return ctx.createPattern(c, "repeat");
}

const sprites = new Map();
// One symbol, drawn once: white halo, dark rim (double on red, the gravest), and a letter or a count.
function sprite(g, r, text, ratio, alone) {
  const key = [g, r, text, ratio, alone].join();
  let c = sprites.get(key);
  if (c) return c;
  if (sprites.size > 3000) sprites.clear();
  c = canvas();
  const half = Math.ceil((r + 5) * ratio), ctx = dim(c, half * 2, half * 2);
  ctx.setTransform(ratio, 0, 0, ratio, half, half);
  const disc = (radius, fill) => { ctx.beginPath(); ctx.arc(0, 0, radius, 0, 7); ctx.fillStyle = fill; ctx.fill(); };
  if (!alone) disc(r + 4, color[g] + "55");
  disc(r + (g === 4 ? 2.6 : 2.1), g === 4 ? mix(color[4], "#000000", .45) : "rgba(24,34,46,.62)");
  disc(r + 1.4, "#ffffff");
  disc(r, g ? color[g] : "#9aa3ad");
  if (text) {
    ctx.font = `600 ${Math.min(12, text.length > 3 ? r * .82 : r * 1.28)}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.fillStyle = g ? inkOn[g] : "#18222e";
    const m = ctx.measureText(text);
    ctx.fillText(text, 0, (m.actualBoundingBoxAscent - m.actualBoundingBoxDescent) / 2);
  }
  sprites.set(key, c);
  return c;
}
function short(n) {
  if (n < 1000) return String(n);
  if (T.wan && n >= 10000) return (n / 10000).toFixed(1) + T.wan;
  return n < 10000 ? (n / 1000).toFixed(1) + "k" : Math.round(n / 1000) + "k";
}
// A small canvas for legends and lists: what = "region" or "point".
function badge(g, what) {
  const c = canvas(), ratio = 2, w = what === "region" ? 28 : 22, h = what === "region" ? 18 : 22;
  const ctx = dim(c, w * ratio, h * ratio);
  c.style.width = w + "px";
  c.style.height = h + "px";
  c.setAttribute("aria-hidden", "true");
  if (what === "region") {
    ctx.fillStyle = tint[g];
    ctx.fillRect(0, 0, w * ratio, h * ratio);
    if (g > 1) { ctx.fillStyle = hatch(g, ratio); ctx.fillRect(0, 0, w * ratio, h * ratio); }
    ctx.strokeStyle = "#5a6675";
    ctx.lineWidth = ratio;
    ctx.strokeRect(1, 1, w * ratio - 2, h * ratio - 2);
  } else {
    const s = sprite(g, g ? 8.2 : 4, T.letters[g], ratio, true);
    ctx.drawImage(s, w - s.width / 2, h - s.height / 2);
  }
  return c;
}

// ---- state and clusters ---------------------------------------------------------------
const show = {points: true, fill: true, hatch: true, labels: true};
const view = {x: 0, y: 0, k: 1};
let mask = ALL, regionMask = ALL, W = 0, H = 0, ratio = 1, fitK = 1, visible = [], current = null;
let hovered = null, selected = null, moving = 0, queued = 0;
const stats = {first: 0, base: 0, frame: 0, cluster: 0};
const chart = $("chart"), marks = $("marks");
const paint = chart.getContext("2d"), over = marks.getContext("2d");
const px = (x) => (x - view.x) * view.k + W / 2, py = (y) => (y - view.y) * view.k + H / 2;

// Clusters of one scale: walking the points gravest first, a point within reach of an
// earlier founder joins it, else founds its own. So a cluster stands on its gravest point,
// a red point is only ever inside a red symbol, and each red point has a symbol of its own,
// but for those within a few pixels of one another. Other founders are SPACING apart.
// Founders are found through a hash of the nine cells around; a collision costs time only.
const made = new Map();
let rest = 0;
function settle(now) { clearTimeout(rest); rest = setTimeout(draw, moving - now + 20); }
function clusters() {
  const level = Math.floor(Math.log2(view.k) * 2), key = level + ":" + mask;
  if (made.has(key)) return made.get(key);
  const start = performance.now();
  // While the map moves, clusters that are dear to make may lag up to one doubling behind.
  if (start < moving && stats.cluster > 12 && current && current.mask === mask && Math.abs(current.level - level) < 3) {
    settle(start);
    return current;
  }
  if (made.size > 11) made.delete(made.keys().next().value);
  const reach = SPACING / 2 ** (level / 2), near = reach * reach;
  let bits = 8;
  while (1 << bits < N) bits++;
  const head = new Int32Array(1 << bits).fill(-1), next = new Int32Array(N), owner = new Int32Array(N).fill(-1);
  const found = [], count = [], bucket = (i, j) => (Math.imul(i, 73856093) ^ Math.imul(j, 19349663)) >>> 32 - bits;
  for (const p of order) {
    if (!(mask >> P.grade[p] & 1) || X[p] !== X[p]) continue;
    const i = Math.floor(X[p] / reach), j = Math.floor(Y[p] / reach);
    let best = -1;
    for (let n = 0; n < 9; n++) {
      for (let f = head[bucket(i + n % 3 - 1, j + (n / 3 | 0) - 1)]; f >= 0; f = next[f]) {
        const dx = X[found[f]] - X[p], dy = Y[found[f]] - Y[p];
        if (dx * dx + dy * dy < (P.grade[p] > 3 ? near / 40 : near) && (best < 0 || f < best)) best = f;
      }
    }
    if (best < 0) {
      best = found.length;
      const b = bucket(i, j);
      next[best] = head[b];
      head[b] = best;
      found.push(p);
      count.push(0);
    }
    count[best]++;
    owner[p] = best;
  }
  stats.cluster = performance.now() - start;
  made.set(key, {found, count, owner, level, mask});
  return made.get(key);
}
const members = (f) => order.filter((p) => current.owner[p] === f);
const radius = (g, n) => n > 1 ? Math.round((8 + 3.1 * Math.log10(n)) * 2) / 2
  : [3.5, 4.5, 5, 5.5, 6.5][g] + (lettered() && g ? 3.5 : 0);
const lettered = () => view.k > fitK * 3.5 || N <= 60;

// ---- drawing --------------------------------------------------------------------------
// The path of a region at this scale: corners are snapped to a grid half a device pixel
// wide and repeats are dropped; neighbours snap alike, so no gap opens between them.
function path(a) {
  const lod = Math.floor(Math.log2(view.k * ratio));
  if (a.lod === lod) return a.path;
  const cell = .5 / 2 ** lod, p = new Path2D();
  for (const ring of a.rings) {
    let lastX = NaN, lastY = NaN;
    for (let i = 0; i < ring.length; i += 2) {
      const x = Math.round(ring[i] / cell), y = Math.round(ring[i + 1] / cell);
      if (x === lastX && y === lastY) continue;
      i ? p.lineTo(x * cell, y * cell) : p.moveTo(x * cell, y * cell);
      lastX = x;
      lastY = y;
    }
    p.closePath();
  }
  a.lod = lod;
  return a.path = p;
}
const MARGIN = 96;
const base = {canvas: canvas(), cost: 0, time: 0, key: ""};
function seen(a, extra) {
  const w = (W / 2 + extra) / view.k, h = (H / 2 + extra) / view.k;
  return a.box[0] < view.x + w && a.box[2] > view.x - w && a.box[1] < view.y + h && a.box[3] > view.y - h;
}
function toWorld(ctx, w, h) {
  const s = view.k * ratio;
  ctx.setTransform(s, 0, 0, s, (w / 2 - view.x * view.k) * ratio, (h / 2 - view.y * view.k) * ratio);
}
function renderBase(key) {
  const w = W + 2 * MARGIN, h = H + 2 * MARGIN, k = view.k;
  const ctx = dim(base.canvas, Math.round(w * ratio), Math.round(h * ratio));
  toWorld(ctx, w, h);
  const shown = areas.map((a, i) => i).filter((i) => areas[i].at && seen(areas[i], MARGIN));
  // A broad line under all fills: what shows of it is the outline of the whole.
  ctx.lineJoin = "bevel";      // a third of the time of round
  ctx.lineWidth = 4 / k;
  ctx.strokeStyle = "#8d969f";
  for (const i of shown) ctx.stroke(path(areas[i]));
  // Near by, a region fills the window: its colour steps back behind the points.
  const patterns = [], veil = tight(1 - Math.log2(k / fitK / 2) / 4, .35, 1);
  for (const i of shown) {
    const g = R.grade[i], on = show.fill && regionMask >> g & 1;
    ctx.globalAlpha = 1;
    ctx.fillStyle = "#ffffff";
    ctx.fill(path(areas[i]), "evenodd");
    if (!on) continue;
    ctx.globalAlpha = veil;
    ctx.fillStyle = tint[g];
    ctx.fill(path(areas[i]), "evenodd");
    if (show.hatch && g > 1) {
      // Pattern space is set against the scale of the map: strokes keep their width.
      const pattern = patterns[g] = patterns[g] || hatch(g, ratio);
      pattern.setTransform(new DOMMatrix([1 / k / ratio, 0, 0, 1 / k / ratio, 0, 0]));
      ctx.fillStyle = pattern;
      ctx.fill(path(areas[i]), "evenodd");
    }
  }
  ctx.globalAlpha = 1;
  ctx.lineWidth = 1 / k;
  ctx.strokeStyle = "rgba(24,34,46,.5)";
  for (const i of shown) ctx.stroke(path(areas[i]));
  Object.assign(base, {key, x: view.x, y: view.y, k, w, h});
}
// While the map moves, a picture that is dear to make is stretched instead, and made anew
// at most a fifth of the time; it is always made anew when the map comes to rest.
function drawBase() {
  const key = [show.fill, show.hatch, regionMask, W, H, ratio].join();
  const dx = (base.x - view.x) * view.k, dy = (base.y - view.y) * view.k;
  const fresh = base.key === key && base.k === view.k && Math.abs(dx) <= MARGIN && Math.abs(dy) <= MARGIN;
  const now = performance.now();
  let made = false;
  if (!fresh) {
    if (base.key !== key || now > moving || base.cost < 7 || now > base.time + 4 * base.cost + 60) {
      renderBase(key);
      made = true;
    } else settle(now);
  }
  const s = view.k / base.k, w = base.w * s, h = base.h * s;
  const x = ((base.x - view.x) * view.k + (W - w) / 2) * ratio, y = ((base.y - view.y) * view.k + (H - h) / 2) * ratio;
  paint.setTransform(1, 0, 0, 1, 0, 0);
  paint.fillStyle = "#eef1f4";
  paint.fillRect(0, 0, chart.width, chart.height);
  s === 1 ? paint.drawImage(base.canvas, Math.round(x), Math.round(y))
    : paint.drawImage(base.canvas, x, y, base.canvas.width * s, base.canvas.height * s);
  if (!made) return;
  base.time = performance.now();      // only now, as the browser draws when the picture is used
  base.cost = stats.base = base.time - now;
}
function drawPoints() {
  visible = [];
  if (!show.points || !N) return;
  current = clusters();
  const {found, count} = current, w = (W / 2 + 30) / view.k, h = (H / 2 + 30) / view.k, letters = lettered();
  for (let f = found.length - 1; f >= 0; f--) {      // gravest last, on top
    const p = found[f];
    if (Math.abs(X[p] - view.x) > w || Math.abs(Y[p] - view.y) > h) continue;
    const g = P.grade[p], n = count[f], r = radius(g, n);
    const s = sprite(g, r, n > 1 ? short(n) : letters ? T.letters[g] : "", ratio, n === 1);
    const x = px(X[p]), y = py(Y[p]);
    paint.drawImage(s, Math.round(x * ratio - s.width / 2), Math.round(y * ratio - s.height / 2));
    visible.push({f, p, n, x, y, r});
  }
}
const widths = new Map();
const bySize = areas.map((a, i) => i).filter((i) => areas[i].at).sort((i, j) => areas[j].size - areas[i].size || i - j);
// Names do not overlap each other; each takes the place near its own that hides the fewest symbols.
function drawLabels() {
  if (!show.labels) return;
  paint.setTransform(ratio, 0, 0, ratio, 0, 0);
  paint.font = `600 13px ${FONT}`;
  paint.textAlign = "center";
  paint.textBaseline = "middle";
  paint.lineJoin = "round";
  const taken = [];
  for (const i of bySize) {
    const a = areas[i], name = R.name[i] || "";
    if (!name || !seen(a, 0)) continue;
    if (!widths.has(name)) widths.set(name, paint.measureText(name).width);
    const half = widths.get(name) / 2 + 3, x0 = px(a.at[0]), y0 = py(a.at[1]);
    if ((a.box[2] - a.box[0]) * view.k < half * 1.7 || (a.box[3] - a.box[1]) * view.k < 18) continue;
    let best = null;
    for (let n = 0; n < 25; n++) {
      const right = [0, -26, 26, -52, 52][n % 5], down = [0, -18, 18, -36, 36][n / 5 | 0], x = x0 + right, y = y0 + down;
      if (taken.some((t) => Math.abs(t[0] - x) < t[2] + half && Math.abs(t[1] - y) < 20)) continue;
      if (n && regionAt(a.at[0] + right / view.k, a.at[1] + down / view.k) !== i) continue;
      let hidden = Math.hypot(right, down) / 70;
      for (const v of visible) if (Math.abs(v.x - x) < half + v.r && Math.abs(v.y - y) < 9 + v.r) hidden++;
      if (!best || hidden < best.hidden) best = {x, y, hidden};
      if (best.hidden < .3) break;
    }
    if (!best) continue;
    taken.push([best.x, best.y, half]);
    paint.strokeStyle = "rgba(255,255,255,.9)";
    paint.lineWidth = 3.6;
    paint.strokeText(name, best.x, best.y);
    paint.fillStyle = "#18222e";
    paint.fillText(name, best.x, best.y);
  }
}
function drawScale() {
  const perPixel = KM / view.k, power = 10 ** Math.floor(Math.log10(perPixel * 130));
  const km = [5, 2, 1].map((m) => m * power).find((v) => v <= perPixel * 130) || power;
  const length = km / perPixel, text = km >= 1 ? fmt(km) + " km" : Math.round(km * 1000) + " m", x = 20, y = H - 20;
  paint.setTransform(ratio, 0, 0, ratio, 0, 0);
  paint.font = `12px ${FONT}`;
  paint.textAlign = "left";
  paint.textBaseline = "alphabetic";
  for (const [style, width] of [["rgba(255,255,255,.9)", 4.5], ["#18222e", 1.5]]) {
    paint.strokeStyle = style;
    paint.lineWidth = width;
    paint.beginPath();
    paint.moveTo(x, y - 6);
    paint.lineTo(x, y);
    paint.lineTo(x + length, y);
    paint.lineTo(x + length, y - 6);
    paint.stroke();
    if (width > 2) paint.strokeText(text, x + 1, y - 10);
  }
  paint.fillStyle = "#18222e";
  paint.fillText(text, x + 1, y - 10);
}
function outline(ctx, i, width) {
  if (!areas[i] || !areas[i].at) return;
  toWorld(ctx, W, H);
  ctx.lineJoin = "round";
  for (const [style, line] of [["rgba(255,255,255,.85)", width + 3], ["#18222e", width]]) {
    ctx.strokeStyle = style;
    ctx.lineWidth = line / view.k;
    ctx.stroke(path(areas[i]));
  }
}
function drawMarks() {
  over.setTransform(1, 0, 0, 1, 0, 0);
  over.clearRect(0, 0, marks.width, marks.height);
  if (hovered) outline(over, hovered.region, 1.6);
  for (const [what, width] of [[hovered, 1.8], [selected, 2.5]]) {
    if (!what || !placed(what.point)) continue;
    // The point may stand inside a cluster: the ring goes round the symbol that shows it.
    const f = current && show.points ? current.owner[what.point] : -1, p = f < 0 ? what.point : current.found[f];
    over.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const [style, line] of [["#ffffff", 6], ["#18222e", width]]) {
      over.beginPath();
      over.arc(px(X[p]), py(Y[p]), (f < 0 ? 6 : radius(P.grade[p], current.count[f])) + 6, 0, 7);
      over.strokeStyle = style;
      over.lineWidth = line;
      over.stroke();
    }
  }
  if (marks.matches(":focus-visible")) {
    over.setTransform(ratio, 0, 0, ratio, 0, 0);
    over.strokeStyle = "#18222e";
    over.lineWidth = 1;
    over.strokeRect(W / 2 - 7, H / 2 - 7, 14, 14);
  }
}
function frame() {
  queued = 0;
  if (!W || !H) return;
  const start = performance.now();
  drawBase();
  if (selected) outline(paint, selected.region, 2.5);
  paint.setTransform(1, 0, 0, 1, 0, 0);
  drawPoints();
  drawLabels();
  drawScale();
  drawMarks();
  stats.frame = performance.now() - start;
  if (!stats.first) stats.first = performance.now();
}
function draw() { if (!queued) queued = requestAnimationFrame(frame); }

// ---- the view -------------------------------------------------------------------------
const tight = (v, lo, hi) => Math.min(hi, Math.max(lo, v));
const MAX = KM * 1000 / .25;      // a quarter of a metre to a pixel
const limit = (k) => tight(k, Math.min(fitK * .5, MAX), MAX);
// What the open panel covers: a strip at the right, or at the bottom of a narrow window.
function covered() {
  const w = $("panel").offsetWidth, h = $("panel").offsetHeight;
  return !w ? [0, 0] : w < W * .7 ? [w + 16, 0] : [0, h + 16];
}
function bounds(b, pad, [right, low] = [0, 0]) {
  const w = Math.max(W - right - 2 * pad, 60), h = Math.max(H - low - 2 * pad, 60);
  const k = Math.min(w / Math.max(b[2] - b[0], 1e-9), h / Math.max(b[3] - b[1], 1e-9), MAX / 8);
  return {x: (b[0] + b[2] + right / k) / 2, y: (b[1] + b[3] + low / k) / 2, k};
}
function move(to) {
  view.k = limit(to.k);
  view.x = tight(to.x, world[0] - .2 * W / view.k, world[2] + .2 * W / view.k);
  view.y = tight(to.y, world[1] - .2 * H / view.k, world[3] + .2 * H / view.k);
  moving = performance.now() + 140;
  hovered = null;
  $("tip").hidden = true;
  draw();
}
let flight = 0;
function fly(to) {
  cancelAnimationFrame(flight);
  const from = Object.assign({}, view), start = performance.now(), far = Math.log(to.k / from.k);
  const time = still.matches ? 0 : 420;
  const step = (now) => {
    const t = time ? tight((now - start) / time, 0, 1) : 1, e = t * t * (3 - 2 * t);
    // The centre moves with the scale, so that the eye sees one straight motion.
    const part = Math.abs(far) > .01 ? (1 - Math.exp(-far * e)) / (1 - Math.exp(-far)) : e;
    move({k: from.k * Math.exp(far * e), x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part});
    if (t < 1) flight = requestAnimationFrame(step);
  };
  if (time) flight = requestAnimationFrame(step);
  else step(start);
}
function zoom(factor, x = W / 2, y = H / 2, smooth = true) {
  const k = limit(view.k * factor), left = x - W / 2, top = y - H / 2;
  const to = {k, x: view.x + left / view.k - left / k, y: view.y + top / view.k - top / k};
  if (smooth) return fly(to);
  cancelAnimationFrame(flight);
  move(to);
}
const reset = () => fly(bounds(world, 36));
const goTo = (b) => fly(bounds(b, 60, covered()));
// To a point: so near that it stands apart from the next one, if 2 m to a pixel can do it.
function aim(p) {
  let gap = Infinity;
  for (let i = 0; i < N; i++) {
    const d = Math.hypot(X[i] - X[p], Y[i] - Y[p]);
    if (d > 0 && d < gap) gap = d;
  }
  const k = tight(SPACING * 1.5 / gap, fitK * 6, MAX / 8), [right, low] = covered();
  fly({k, x: X[p] + right / 2 / k, y: Y[p] + low / 2 / k});
}
function resize() {
  const r = $("map").getBoundingClientRect(), first = !W, whole = view.k === fitK;
  if (!r.width || !r.height) return;
  W = r.width;
  H = r.height;
  ratio = Math.min(3, devicePixelRatio || 1);
  for (const c of [chart, marks]) dim(c, Math.round(W * ratio), Math.round(H * ratio));
  const fit = bounds(world, 36);
  fitK = fit.k;
  if (first || whole) Object.assign(view, fit);
  queued || frame();
}

// ---- panel ----------------------------------------------------------------------------
function el(tag, text, name) {
  const e = document.createElement(tag);
  if (text !== undefined) e.textContent = text;
  if (name) e.className = name;
  return e;
}
const word = (g, what) => !g && what !== "region" ? T.ungraded : T.grades[g];
function chip(g, what) {
  const c = el("span", word(g, what), "chip");
  c.style.background = color[g];
  c.style.color = inkOn[g];
  return c;
}
function pairs(rows) {
  const list = el("dl");
  for (const [name, value] of rows) if (value) list.append(el("dt", name), el("dd", value));
  return list;
}
let texts = null;
function explanation(p) {
  if (!texts) texts = JSON.parse($("explanations").textContent);
  return texts[P.explanation[p]] || "";
}
function row(g, what, title, detail) {
  const text = el("span");
  text.append(el("b", title), el("small", detail || ""));
  const e = el("li", undefined, "item");
  e.append(badge(g, what), text);
  return e;
}
function pointList(points) {
  const list = el("ul");
  for (const p of points.slice(0, LIST)) {
    const item = row(P.grade[p], "point", P.name[p], P.enterprise[p]), button = el("button", undefined, "item");
    button.type = "button";
    button.append(...item.childNodes);
    button.onclick = () => { openPoint(p, true); if (placed(p)) aim(p); };
    const li = el("li");
    li.append(button);
    list.append(li);
  }
  return points.length > LIST ? [list, el("p", say("first", LIST, fmt(points.length)), "more")] : [list];
}
// counts: red, orange, yellow, blue, not gradable, rejected.
function tallies(counts) {
  const part = el("div"), stack = el("div", undefined, "stack"), sum = counts.reduce((a, b) => a + b, 0);
  part.append(stack);
  counts.forEach((n, i) => {
    if (i > 4 && !n) return;
    const g = Math.max(0, 4 - i), bar = el("i");
    bar.style.flex = n + " 0 0";
    bar.style.background = g ? color[g] : "#9aa3ad";
    if (n) stack.append(bar);
    const line = el("div", undefined, "tally");
    line.append(badge(g, "point"), el("span", i < 4 ? T.grades[g] : i < 5 ? T.cannot : T.rejected), el("span", fmt(n)));
    part.append(line);
  });
  const line = el("div", undefined, "tally sum");
  line.append(el("span", T.sum), el("span", fmt(sum)));
  part.append(line);
  return part;
}
let backTo = marks;
function open(kind, title, parts, focus) {
  $("kind").replaceChildren(...kind);
  $("name").textContent = title;
  $("body").replaceChildren(...parts);
  $("body").scrollTop = 0;
  if ($("panel").hidden) backTo = document.activeElement === $("query") ? $("query") : marks;
  $("panel").hidden = false;
  if (focus) $("name").focus({preventScroll: true});
  draw();
}
function close() {
  if ($("panel").hidden) return;
  const inside = $("panel").contains(document.activeElement);
  $("panel").hidden = true;
  selected = null;
  if (inside) backTo.focus();
  draw();
}
function openPoint(p, focus) {
  selected = {point: p};
  const r = P.region[p], score = P.score[p], text = explanation(p);
  const parts = [pairs([
    [T.enterprise, P.enterprise[p]], [T.region, r >= 0 ? R.name[r] : ""], [T.id, P.id[p]],
    [T.score, Number.isFinite(score) ? String(Number(score.toPrecision(8))) : ""],
    [T.place, placed(p) ? `${(P.lon[p] * unit).toFixed(5)}°E  ${(P.lat[p] * unit).toFixed(5)}°N` : T.nowhere],
  ])];
  if (text) parts.push(el("h3", T.why), el("div", text, "prose"));
  open([chip(P.grade[p], "point"), el("span", T.point)], P.name[p] || P.id[p], parts, focus);
}
function openRegion(r, focus) {
  selected = {region: r};
  const inside = order.filter((p) => P.region[p] === r), parts = [];
  if (R.code[r]) parts.push(pairs([[T.code, R.code[r]]]));
  parts.push(el("h3", T.counts), tallies(R.counts[r] || [0, 0, 0, 0, 0, 0]));
  if (inside.length) parts.push(el("h3", T.list), ...pointList(inside));
  open([chip(R.grade[r], "region"), el("span", T.region)], R.name[r] || R.code[r], parts, focus);
}
function openPoints(kind, title, points, focus) {
  const counts = [0, 0, 0, 0, 0];
  const b = nothing();
  for (const p of points) {
    counts[4 - P.grade[p]]++;
    if (placed(p)) grow(b, X[p], Y[p]);
  }
  selected = {point: points.find(placed)};
  const parts = [tallies(counts)];
  if (b[2] > b[0] || b[3] > b[1]) {
    const button = el("button", T.go, "go");
    button.type = "button";
    button.onclick = () => goTo(b);
    parts.push(button);
  }
  parts.push(el("h3", T.list), ...pointList(points));
  open([chip(P.grade[points[0]], "point"), el("span", kind)], title, parts, focus);
  return b;
}

// ---- pointing -------------------------------------------------------------------------
function symbolAt(x, y, slack) {
  for (let i = visible.length - 1; i >= 0; i--) {
    const v = visible[i];
    if (Math.hypot(v.x - x, v.y - y) <= v.r + slack) return v;
  }
  return null;
}
const regionUnder = (x, y) => regionAt((x - W / 2) / view.k + view.x, (y - H / 2) / view.k + view.y);
function select(x, y, slack, focus) {
  const v = symbolAt(x, y, slack);
  const r = regionUnder(x, y);
  if (v && v.n === 1) openPoint(v.p, focus);
  else if (v) openPoints(T.group, say("cluster", fmt(v.n)), members(v.f), focus);
  else if (r >= 0) openRegion(r, focus);
  else return close();
  // Bring out what the panel has come to lie on: the symbol, or as much of the region as fits.
  const b = v ? [X[v.p], Y[v.p], X[v.p], Y[v.p]] : areas[r].box, [right, low] = covered();
  const dx = Math.min(px(b[2]) - W + right, px(b[0])) + 30, dy = Math.min(py(b[3]) - H + low, py(b[1])) + 30;
  if (right ? dx > 0 : low && dy > 0) fly({k: view.k, x: view.x + (right ? dx : 0) / view.k, y: view.y + (right ? 0 : dy) / view.k});
}
function hover(x, y) {
  const v = symbolAt(x, y, 3), r = v ? -1 : regionUnder(x, y), tip = $("tip");
  hovered = v ? {point: v.p} : r >= 0 ? {region: r} : null;
  marks.classList.toggle("hit", !!hovered);
  tip.hidden = !hovered;
  if (v && v.n > 1) tip.replaceChildren(say("cluster", fmt(v.n)), el("small", T.gravest + word(P.grade[v.p])));
  else if (v) tip.replaceChildren(P.name[v.p] || P.id[v.p], el("small", [word(P.grade[v.p]), P.enterprise[v.p]].filter(Boolean).join(" · ")));
  else if (r >= 0) tip.replaceChildren(R.name[r] || R.code[r], el("small", T.grades[R.grade[r]]));
  if (hovered) {
    const w = tip.offsetWidth, h = tip.offsetHeight;
    tip.style.transform = `translate(${Math.round(tight(x + 14, 4, W - w - 4))}px,${Math.round(y + h + 24 > H ? y - h - 10 : y + 16)}px)`;
  }
  drawMarks();
}
const fingers = new Map();
let travel = 0, waiting = 0, lastMove = null;
const at = (e) => { const b = marks.getBoundingClientRect(); return [e.clientX - b.left, e.clientY - b.top]; };
marks.addEventListener("pointerdown", (e) => {
  if (e.button) return;
  cancelAnimationFrame(flight);
  marks.setPointerCapture(e.pointerId);
  fingers.set(e.pointerId, at(e));
  if (fingers.size === 1) travel = 0;
  $("tip").hidden = true;
});
marks.addEventListener("pointermove", (e) => {
  const now = at(e), was = fingers.get(e.pointerId);
  if (!was) {
    lastMove = now;
    if (e.pointerType !== "touch" && !waiting) {
      waiting = requestAnimationFrame(() => { waiting = 0; if (lastMove) hover(...lastMove); });
    }
    return;
  }
  travel += Math.hypot(now[0] - was[0], now[1] - was[1]);
  if (fingers.size === 1) {
    if (travel > 4) {
      marks.classList.add("drag");
      move({k: view.k, x: view.x - (now[0] - was[0]) / view.k, y: view.y - (now[1] - was[1]) / view.k});
    }
  } else {
    const other = [...fingers].find(([id]) => id !== e.pointerId)[1];
    const before = Math.hypot(was[0] - other[0], was[1] - other[1]), after = Math.hypot(now[0] - other[0], now[1] - other[1]);
    travel = 99;
    move({k: view.k, x: view.x - (now[0] - was[0]) / 2 / view.k, y: view.y - (now[1] - was[1]) / 2 / view.k});
    if (before > 8) zoom(after / before, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2, false);
  }
  fingers.set(e.pointerId, now);
});
const lift = (e) => {
  const known = fingers.delete(e.pointerId);
  marks.classList.remove("drag");
  if (known && e.type === "pointerup" && !fingers.size && travel <= 4) select(...at(e), e.pointerType === "touch" ? 12 : 3);
};
marks.addEventListener("pointerup", lift);
marks.addEventListener("pointercancel", lift);
marks.addEventListener("pointerleave", () => {
  lastMove = hovered = null;
  $("tip").hidden = true;
  drawMarks();
});
marks.addEventListener("dblclick", (e) => zoom(e.shiftKey ? .5 : 2, ...at(e)));
marks.addEventListener("wheel", (e) => {
  e.preventDefault();
  const step = e.deltaY * [1, 18, 120][e.deltaMode] * (e.ctrlKey ? 6 : 1);      // a pinch on a pad comes as ctrl + wheel
  zoom(Math.exp(-tight(step, -240, 240) * .0022), ...at(e), false);
}, {passive: false});
marks.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const far = e.shiftKey ? 240 : 80, pan = {ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far]}[e.key];
  if (pan) move({k: view.k, x: view.x + pan[0] / view.k, y: view.y + pan[1] / view.k});
  else if (e.key === "+" || e.key === "=") zoom(1.6);
  else if (e.key === "-" || e.key === "_") zoom(1 / 1.6);
  else if (e.key === "0" || e.key === "Home") reset();
  else if (e.key === "Enter" || e.key === " ") select(W / 2, H / 2, 10, true);
  else return;
  e.preventDefault();
});
for (const type of ["focus", "blur"]) marks.addEventListener(type, drawMarks);
addEventListener("keydown", (e) => { if (e.key === "Escape") close(); });
$("in").onclick = () => zoom(1.8);
$("out").onclick = () => zoom(1 / 1.8);
$("home").onclick = reset;
$("close").onclick = close;

// ---- search ---------------------------------------------------------------------------
let hay = null, hits = [], active = -1, typing = 0;
function prepare() {
  hay = {points: [], firms: new Map()};
  for (const p of order) {
    hay.points.push([P.name[p], P.enterprise[p], P.id[p]].join("\n").toLowerCase());
    const firm = P.enterprise[p];
    if (firm) hay.firms.has(firm) ? hay.firms.get(firm).push(p) : hay.firms.set(firm, [p]);
  }
}
function find(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean), out = [];
  if (!words.length) return null;
  if (!hay) prepare();
  const fits = (s) => words.every((w) => s.includes(w));
  R.name.forEach((name, r) => {
    if (fits((name + "\n" + R.code[r]).toLowerCase())) out.push({g: R.grade[r], what: "region", title: name, detail: T.region + " " + R.code[r],
      go: () => { openRegion(r); if (areas[r] && areas[r].at) goTo(areas[r].box); }});
  });
  for (const [firm, points] of hay.firms) {
    if (fits(firm.toLowerCase())) out.push({g: P.grade[points[0]], what: "point", title: firm, detail: `${T.enterprise} · ${say("cluster", fmt(points.length))}`,
      go: () => { const b = openPoints(T.enterprise, firm, points); if (b[2] >= b[0]) goTo(b); }});
  }
  let all = out.length;
  out.length = Math.min(all, 20);
  hay.points.forEach((s, n) => {
    if (!fits(s)) return;
    all++;
    if (out.length >= 60) return;
    const p = order[n];
    out.push({g: P.grade[p], what: "point", title: P.name[p], detail: [P.enterprise[p], P.id[p]].filter(Boolean).join(" · "),
      go: () => { openPoint(p); if (placed(p)) aim(p); }});
  });
  return {all, out};
}
function search() {
  const result = find($("query").value);
  $("clear").hidden = !$("query").value;
  $("found").hidden = !result;
  $("query").setAttribute("aria-expanded", String(!!result && result.all > 0));
  hits = result ? result.out : [];
  $("tally").textContent = !result ? "" : result.all ? say(hits.length < result.all ? "some" : "found", hits.length, fmt(result.all)) : T.none;
  $("hits").replaceChildren(...hits.map((hit, i) => {
    const item = row(hit.g, hit.what, hit.title, hit.detail);
    item.id = "hit" + i;
    item.setAttribute("role", "option");
    item.onmousedown = (e) => e.preventDefault();      // keep the focus in the box
    item.onclick = () => choose(i);
    return item;
  }));
  mark(-1);
}
function mark(i) {
  active = i;
  [...$("hits").children].forEach((item, n) => item.setAttribute("aria-selected", String(n === i)));
  if (i < 0) return $("query").removeAttribute("aria-activedescendant");
  $("query").setAttribute("aria-activedescendant", "hit" + i);
  $("hit" + i).scrollIntoView({block: "nearest"});
}
function choose(i) {
  mark(i);
  hits[i].go();
  if (innerWidth <= 900) $("found").hidden = true;      // there the list covers the map
}
$("query").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(search, N > 20000 ? 180 : 60); });
$("query").addEventListener("focus", () => { if (hits.length) $("found").hidden = false; });
$("query").addEventListener("keydown", (e) => {
  if (e.isComposing) return;
  const step = {ArrowDown: 1, ArrowUp: -1}[e.key];
  if (step && hits.length) mark((active + step + hits.length + (active < 0 && step < 0)) % hits.length);
  else if (e.key === "Enter") {
    clearTimeout(typing);
    if (active < 0) search();
    if (hits.length) choose(Math.max(0, active));
  } else if (e.key === "Escape" && $("query").value) { e.stopPropagation(); wipe(); }
  else return;
  e.preventDefault();
});
function wipe() {
  $("query").value = "";
  search();
  $("query").focus();
}
$("clear").onclick = wipe;

// ---- words, legend, start ---------------------------------------------------------------
for (const e of document.querySelectorAll("[data-t]")) e.textContent = T[e.dataset.t];
for (const e of document.querySelectorAll("[data-l],[data-a]")) e.setAttribute("aria-label", T[e.dataset.l || e.dataset.a]);
for (const e of document.querySelectorAll("button[data-l]")) e.title = T[e.dataset.l];
$("query").placeholder = T.search;
$("title").textContent = data.title || T.chart;
$("subtitle").textContent = data.subtitle || "";
$("subtitle").hidden = !data.subtitle;
for (const [name, value] of [[T.date, data.data_date], [T.rule, data.rule], [T.crs, data.crs]]) {
  if (!value) continue;
  const part = el("div");
  part.append(el("dt", name), el("dd", value));
  $("meta").append(part);
}
$("warning").textContent = data.footer || "";
$("approval").textContent = data.approval ? T.approval + data.approval : "";
$("source").textContent = data.source ? T.source + data.source : "";
[...$("spectrum").children].forEach((e, i) => { e.style.background = color[4 - i]; });
function tick(box, flip) {
  box.type = "checkbox";
  box.checked = true;
  box.onchange = () => { flip(box.checked); draw(); };
  return box;
}
const tallyOf = (grades) => grades.reduce((sums, g) => { sums[g]++; return sums; }, [0, 0, 0, 0, 0]);
const regionSums = tallyOf(R.grade), pointSums = tallyOf(P.grade);
function legendRow(g, region, point, key) {
  const line = el("label", undefined, "grade" + (g ? "" : " rest")), box = el("input");
  box.dataset.grade = key;
  tick(box, (on) => {
    const bit = 1 << g;
    if (region) regionMask = on ? regionMask | bit : regionMask & ~bit;
    if (point) mask = on ? mask | bit : mask & ~bit;
    line.classList.toggle("off", !on);
  });
  const sums = [region && T.regions, point && T.points].map((title, i) => {
    const e = el("em", title ? fmt((i ? pointSums : regionSums)[g]) : "");
    if (title) e.title = title;
    return e;
  });
  line.append(box, region ? badge(g, "region") : el("span"), point ? badge(g, "point") : el("span"),
    el("b", region ? T.grades[g] : T.ungraded), ...sums);
  $("grades").append(line);
}
["red", "orange", "yellow", "blue"].forEach((name, i) => legendRow(4 - i, true, true, name));
legendRow(0, true, false, "unassessed");
if (pointSums[0]) legendRow(0, false, true, "ungraded");
$("note").textContent = lost ? say("off", fmt(lost)) : "";
for (const name of ["points", "fill", "hatch", "labels"]) {
  const line = el("label", undefined, "switch"), box = el("input");
  box.dataset.show = name;
  line.append(tick(box, (on) => { show[name] = on; }), T[name]);
  $("switches").append(line);
}
$("empty").textContent = T.empty;
$("empty").hidden = !blank;
new ResizeObserver(resize).observe($("map"));
addEventListener("resize", resize);      // a change of the device's pixel ratio alone
addEventListener("beforeprint", frame);
resize();

/** Read-only view of the map for tests: positions in CSS pixels of the page. */
window.safetyriskMap = Object.freeze({
  project: (lon, lat) => {
    const b = marks.getBoundingClientRect();
    return [px(wx(lon / unit)) + b.left, py(wy(lat / unit)) + b.top];
  },
  state: () => Object.assign({points: N, regions: areas.length, scale: view.k, fit: fitK, busy: !!queued || performance.now() < moving}, stats),
  symbols: () => visible.map((v) => ({id: P.id[v.p], grade: P.grade[v.p], count: v.n, x: v.x, y: v.y, radius: v.r})),
});
})();
