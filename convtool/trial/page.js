// The page to try: sends payloads to the server that it came from, on this machine, and shows what came of them.

import { captured, compared, el, inWords, looked, reach, size, verdictOf, visible } from "/_convtool/shown.js";

const BASE = "/_convtool/", EDITABLE = 200_000; // bytes that a text field is quick with
const root = document.documentElement, $ = (id) => document.getElementById(id);
const side = (at, what = "") => document.querySelector(`[data-side="${at}"] ${what}`.trim());
const isTwo = () => !side(1).hidden;

let most = Infinity; // bytes that the server takes
let asked = 0; // the newest request: answers to older ones are not shown
let exchanges = null; // the table of a capture's exchanges
const there = [null, null]; // what is looked at: { name, blob }; and ``typed``, the text, while it is edited
const view = { pretty: true, profile: "strict", body: null }; // body: which one of a capture, { number, side }

function say(text, isWrong = false) {
  $("said").textContent = text;
  $("said").className = isWrong ? "wrong" : "soft";
}

// --- light and dark, as in the reports

function theme(name) {
  if (name) root.dataset.theme = name;
  else delete root.dataset.theme;
  $("theme").textContent = `Colours: ${name || "as the system"}`;
  try { localStorage.setItem("convtool-theme", name); } catch { /* storage may be off */ }
}
try { theme(localStorage.getItem("convtool-theme") || ""); } catch { theme(""); }
$("theme").addEventListener("click", () => theme({ "": "dark", dark: "light", light: "" }[root.dataset.theme || ""]));

// --- asking

async function ask(path, told, body) {
  const headers = { "Content-Type": "application/octet-stream" };
  const answer = await fetch(`${BASE}${path}?${new URLSearchParams(told)}`, { method: "POST", body, headers });
  if (answer.ok) return answer;
  const fault = await answer.json().catch(() => ({}));
  throw new Error([fault.error || `The server answered ${answer.status}`, fault.hint].filter(Boolean).join(". "));
}

function wanted() {
  const chosen = { contract: $("contract").value, format: $("format").value, pretty: view.pretty ? "1" : "0" };
  return { name: there[0].name, ...chosen, ...view.body };
}

function bothWanted() {
  const chosen = Object.fromEntries(["contract", "format", "profile", "dates", "without"].map((id) => [id, $(id).value]));
  return { left: there[0].name, right: there[1].name, first: there[0].blob.size, ...chosen };
}

// Look at what there is; ``task`` asks and shows.
async function doing(task) {
  const mine = ++asked;
  say("Looking …");
  $("result").setAttribute("aria-busy", "true");
  try {
    const show = await task();
    if (mine === asked) show();
  } catch (error) {
    const lost = error instanceof TypeError; // as fetch has it
    if (mine === asked) say(lost ? "The server does not answer: is convtool still running?" : error.message, true);
  }
  if (mine !== asked) return;
  $("result").removeAttribute("aria-busy");
  root.dataset.looked = mine;
}

function look() {
  [0, 1].forEach(take);
  if (!there[0] && there[1]) [there[0], there[1]] = [there[1], null];
  draw();
  if (!there[0] || (isTwo() && !there[1])) {
    asked += 1;
    $("result").replaceChildren();
    say(isTwo() ? "Paste or choose both payloads." : "Paste a payload, or choose a file.");
    return undefined;
  }
  if (there.reduce((sum, one) => sum + (one ? one.blob.size : 0), 0) > most) {
    return say(`This page takes ${size(most)} at most; the command line takes any size.`, true);
  }
  return isTwo() ? doing(compare) : doing(lookAtOne);
}

async function lookAtOne() {
  const told = await (await ask("look", wanted(), there[0].blob)).json();
  return () => (told.capture ? showCapture(told.capture) : showLook(told.look));
}

async function compare() {
  const told = await (await ask("differ", bothWanted(), new Blob([there[0].blob, there[1].blob]))).json();
  return () => {
    $("result").replaceChildren(...compared(told));
    say(`${verdictOf(told)}.`);
  };
}

// --- showing

function showLook(told) {
  const profile = (name) => { view.profile = name; showLook(told); };
  const pretty = () => { view.pretty = !view.pretty; doing(lookAtOne); };
  $("result").replaceChildren(...(view.body ? [exchanges] : []), ...looked(told, view, { profile, pretty, copy, save }));
  say(inWords(told));
}

function showCapture(told) {
  const body = (number, name, row) => {
    document.querySelectorAll("tr[aria-current]").forEach((one) => one.removeAttribute("aria-current"));
    row.setAttribute("aria-current", "true");
    view.body = { number, side: name };
    doing(lookAtOne);
  };
  exchanges = captured(told, { body });
  $("result").replaceChildren(exchanges);
  say(told.told);
}

const written = async (profile) => (await ask("save", { ...wanted(), profile }, there[0].blob)).blob();

async function copy(profile) {
  try {
    await navigator.clipboard.writeText(await (await written(profile)).text());
    say("Copied.");
  } catch (error) { say(`It could not be copied: ${error.message}`, true); }
}

async function save(profile, format) {
  try {
    const href = URL.createObjectURL(await written(profile));
    el("a", { href, download: `${there[0].name.replace(/^.*[/\\]|\.[^.]*$/g, "")}.${format}` }).click();
    URL.revokeObjectURL(href);
  } catch (error) { say(error.message, true); }
}

// --- what is looked at: pasted, dropped, chosen, or opened by the command

function draw() {
  for (const at of [0, 1]) {
    const of = there[at], isClosed = Boolean(of) && of.typed === undefined;
    side(at, ".name").textContent = of ? `${visible(of.name)}, ${size(of.blob.size)}` : "";
    side(at, "textarea").hidden = isClosed;
    side(at, ".edit").hidden = !isClosed || of.blob.size > EDITABLE;
    side(at, ".clear").hidden = at === 0 && !of;
  }
  document.querySelectorAll(".both").forEach((one) => { one.hidden = !isTwo(); });
  $("two").hidden = isTwo();
  $("go").textContent = isTwo() ? "Compare" : "Look";
  document.title = [...there.filter(Boolean).map((one) => visible(one.name)), "convtool"].join(" – ");
}

function put(at, name, blob) {
  const other = there[1 - at];
  there[at] = { name: other && other.name === name ? `${name} (${at + 1})` : name, blob };
  side(at, "textarea").value = "";
  view.body = null;
  if (at) side(1).hidden = false;
  draw();
}

// Take what has been typed. The bytes of a file count as long as nothing is.
function take(at) {
  const typed = side(at, "textarea").value, of = there[at];
  if (of ? of.typed === undefined || of.typed === typed : !typed) return;
  view.body = null;
  there[at] = typed ? { name: of ? of.name : ["pasted", "pasted (2)"][at], blob: new Blob([typed]), typed } : null;
}

async function edit(at) {
  const field = side(at, "textarea");
  field.value = await there[at].blob.text();
  there[at].typed = field.value; // whose lines may end in another way
  draw();
  field.focus();
}

function clear(at) {
  there[at] = null;
  view.body = null;
  side(at, "textarea").value = "";
  if (at) side(1).hidden = true;
  look();
}

// Take files as they are now, whatever becomes of them on the disk; what is too large is not read.
async function choose(files, at) {
  const chosen = [...files].slice(0, 2);
  for (const [number, file] of chosen.entries()) {
    try {
      const blob = file.size > most ? file : new Blob([await file.arrayBuffer()]);
      put(chosen.length > 1 ? number : at, file.name, blob);
    } catch {
      return say(`${visible(file.name)} cannot be read: it may be a folder.`, true);
    }
  }
  return chosen.length ? look() : undefined;
}

for (const at of [0, 1]) {
  const text = side(at, "textarea"), file = side(at, "input");
  side(at, ".choose").addEventListener("click", () => file.click());
  file.addEventListener("change", async () => { await choose(file.files, at); file.value = ""; });
  side(at, ".edit").addEventListener("click", () => edit(at));
  side(at, ".clear").addEventListener("click", () => clear(at));
  text.addEventListener("paste", () => { if (!text.value) setTimeout(look, 0); }); // when it is there
}
$("go").addEventListener("click", look);
$("two").addEventListener("click", () => { side(1).hidden = false; draw(); side(1, "textarea").focus(); });
for (const id of ["contract", "format", "profile", "dates", "without"]) $(id).addEventListener("change", () => { view.body = null; look(); });

// --- dropping, anywhere on the page

let over = 0;
function isOver(count) {
  over = Math.max(0, count);
  document.body.classList.toggle("over", over > 0);
}
document.addEventListener("dragenter", () => isOver(over + 1));
document.addEventListener("dragleave", () => isOver(over - 1));
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  isOver(0);
  take(0);
  const within = event.target.closest("[data-side]"), data = event.dataTransfer;
  const at = within ? Number(within.dataset.side) : Number(isTwo() && Boolean(there[0]));
  const text = data.getData("text/plain");
  if (data.files.length) choose(data.files, at);
  else if (text) { put(at, "dropped", new Blob([text])); look(); }
});

// --- keys

function step(by) {
  const marks = [...document.querySelectorAll("#result mark[data-marks]")], at = marks.indexOf(document.activeElement);
  if (marks.length) reach(marks[at < 0 ? (by > 0 ? 0 : marks.length - 1) : (at + by + marks.length) % marks.length]);
}
document.addEventListener("keydown", (event) => {
  const isHeld = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && isHeld) { event.preventDefault(); look(); }
  if (isHeld || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  if (event.key === "n") step(1);
  if (event.key === "p") step(-1);
});

// --- the beginning

async function opened(token) {
  const answer = await fetch(`${BASE}opened/${token}`);
  if (!answer.ok) return;
  const told = await answer.json();
  $("contract").value = told.contract;
  $("format").value = told.format;
  for (const [at, name] of told.names.entries()) put(at, name, await (await fetch(`${BASE}opened/${token}/${at}`)).blob());
  if (told.names.length) await look();
}

async function begin() {
  const about = await (await fetch(`${BASE}about`)).json();
  most = about.most;
  $("version").textContent = `convtool ${about.version}`;
  $("contract").append(...about.contracts.map((name) => el("option", { text: name })));
  const token = location.hash.slice(1);
  if (/^[\w-]+$/.test(token)) await opened(token);
  root.dataset.ready = "yes";
}

draw();
begin().catch((error) => say(error.message, true));
