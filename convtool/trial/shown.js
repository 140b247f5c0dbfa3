// What the server has told, as elements of the page. Whatever comes from outside becomes text, never markup.
// ``hands`` are what buttons do: see page.js.

const LONG = 200; // characters of a line that a remark stands within, instead of below it
const TITLES = { strict: "By the schemas", dotnet: "As .NET reads it" };
const GOOD = ["valid", "converted"];
const BAD = ["invalid", "failed", "refused", "no verdict"];

// --- elements

export function el(name, told = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(told)) {
    if (key === "text") made.textContent = value;
    else if (key === "click") made.addEventListener("click", value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...inside.flat(2).filter((one) => one !== undefined && one !== null && one !== false && one !== ""));
  return made;
}

const button = (text, click, more = {}) => el("button", { type: "button", text, click, ...more });
const soft = (text) => el("p", { class: "soft", text });
const number = (count) => count.toLocaleString("en");
const many = (count, what) => `${number(count)} ${what}${count === 1 ? "" : "s"}`;
const stateOf = (status) => (GOOD.includes(status) ? "good" : BAD.includes(status) ? "bad" : "");

export function size(bytes) {
  if (bytes < 1000) return many(bytes, "byte");
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

// A name from outside, with escapes for what is not seen, as the server shows texts.
export function visible(name) {
  return name.replace(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (one) => `\\u{${one.codePointAt(0).toString(16)}}`);
}

// Prose of ours, in which `names` stand between backticks.
function prose(text) {
  return text.split(/`([^`]+)`/).map((part, at) => (at % 2 ? el("code", { text: part }) : part));
}

function card(above, title, told, state, below) {
  const main = el("p", {}, el("b", { text: title }), told);
  return el("div", { class: `card ${state}` }, soft(above), main, below && el("p", { text: below }));
}

// --- texts, with places marked, and what is said about them

function piece(of, prefix, level) {
  const title = "is not seen in the payload";
  const text = of.unseen ? el("span", { class: "unseen", text: of.text, title }) : of.text || "\u200b";
  if (!of.marks) return text;
  return el("mark", { class: level(of.marks[0]), tabindex: -1, "data-marks": of.marks.map((at) => prefix + at).join(" ") }, text);
}

// Let a mark be read together with what is said of it.
function described(mark, told, id) {
  told.id = id;
  mark.setAttribute("aria-describedby", [mark.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
}

// A text, whose marks have the names prefix0, prefix1, …; ``remark`` gives what is said of one, if anything.
function lines(text, label, prefix = "w", level = () => "", remark = () => null) {
  const made = el("pre", { tabindex: 0, role: "region", "aria-label": label });
  const said = new Set();
  for (const pieces of text.lines || []) {
    const line = el("span", { class: "line" });
    const isLong = pieces.reduce((sum, one) => sum + one.text.length, 0) > LONG;
    const below = [];
    pieces.forEach((one, at) => {
      const next = (pieces[at + 1] || {}).marks || [];
      const ended = (one.marks || []).filter((mark) => !next.includes(mark) && !said.has(mark));
      const shown = piece(one, prefix, level);
      line.append(shown);
      for (const mark of ended) {
        const told = remark(mark);
        said.add(mark);
        if (told) described(shown, told, `${prefix}${mark}-said`);
        if (told && (isLong || !told.classList.contains("remark"))) line.append(told);
        else if (told) below.push(told);
      }
    });
    made.append(line, ...below);
  }
  return made;
}

function panel(title, name, text, shown, more = [], below = []) {
  const head = el("div", { class: "head" }, el("h2", { text: title }), el("span", { class: "name", text: name }), more);
  const cut = text && text.cut && `Only the beginning is shown: ${many(text.lines.length, "line")}, of ${size(text.size)}.`;
  return el("div", { class: "panel" }, head, below, cut && soft(cut), shown);
}

function goTo(name) {
  const found = document.querySelector(`mark[data-marks~="${name}"]`);
  if (found) reach(found);
}

export function reach(mark) {
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
}

// --- findings

function levelOf(found) {
  return found.strict === "error" || found.dotnet === "error" ? "error" : found.strict || found.dotnet;
}

// What a finding means: in one word where both profiles say the same.
function tags(found) {
  const told = found.strict === found.dotnet ? { "": found.strict } : { "strict: ": found.strict, "dotnet: ": found.dotnet };
  const said = Object.entries(told).filter(([, level]) => level);
  return said.map(([profile, level]) => [" ", el("span", { class: `tag ${level}`, text: profile + level })]);
}

const messageOf = (found) => prose(found.message + (found.count > 1 ? ` (${many(found.count, "time")}; this is the first)` : ""));
const codeOf = (found) => el("span", { class: "code", text: found.code, title: found.title });

function remarkOf(found) {
  const hint = found.hint && el("span", { class: "soft" }, " ", prose(found.hint));
  return el("span", { class: `remark ${levelOf(found)}` }, codeOf(found), tags(found), " ", messageOf(found), hint);
}

function placeOf(found, name) {
  if (!found.place) return null;
  if (!found.marked) return el("span", { class: "place soft", text: found.place, title: "behind what is shown" });
  const label = `Go to line and column ${found.place}`;
  return button(found.place, () => goTo(name), { class: "place link", "aria-label": label });
}

// Findings in a list, those of a kind as one; what is marked in the text is said there.
function listOf(found, more, prefix) {
  const kinds = new Map();
  found.forEach((one, at) => kinds.set(one.kind, [...(kinds.get(one.kind) || []), at]));
  const rows = [...kinds.values()].map(([first, ...others]) => {
    const one = found[first];
    const hint = one.hint && el("p", { class: "soft" }, prose(one.hint));
    const apart = !one.marked && [el("p", {}, messageOf(one)), one.excerpt && excerpt(one), hint];
    const path = one.path && el("code", { class: "soft", text: ` ${one.path}` });
    const rest = others.length > 0 && el("details", {}, el("summary", { text: `${number(others.length)} more of this kind` }),
      el("p", {}, others.map((at) => [placeOf(found[at], prefix + at), " "])));
    return el("li", { class: levelOf(one) }, placeOf(one, prefix + first), codeOf(one), tags(one), path, apart, rest);
  });
  if (more) rows.push(el("li", { class: "soft", text: `and ${number(more)} more, which the command line lists` }));
  return el("ul", { class: "found" }, rows);
}

function excerpt(found) {
  const [before, span, after] = found.excerpt;
  return el("pre", { class: "excerpt" }, before, el("mark", { class: levelOf(found), text: span || "\u200b" }), after);
}

// --- one payload

export function looked(told, view, hands) {
  const found = told.found || [];
  const first = new Map();
  found.forEach((one, at) => first.has(one.kind) || first.set(one.kind, at));
  const again = (one) => el("span", { class: `tag again ${levelOf(one)}`, text: one.code });
  const remark = (at) => (first.get(found[at].kind) === at ? remarkOf(found[at]) : again(found[at]));
  const text = lines(told.text, "The payload", "f", (at) => levelOf(found[at]), remark);
  const list = (found.length > 0 || told.more) && el("div", {}, el("h2", { text: "What was found" }), listOf(found, told.more, "f"));
  const payload = panel("The payload", `${told.name}, ${size(told.text.size || 0)}`, told.text, text);
  const columns = el("div", { class: "columns" }, payload, told.written && other(told.written, view, hands));
  return [el("div", { class: "cards" }, told.verdicts.map(verdict)), list, columns].filter(Boolean);
}

export function inWords(told) {
  return `${told.verdicts.map((one) => `${TITLES[one.profile]}: ${one.status}`).join(". ")}.`;
}

function verdict(one) {
  const counts = Object.entries(one.counts || {}).map(([level, count]) => many(count, level));
  const about = [one.contract, one.format, one.records > 1 && many(one.records, "record"), ...counts, one.left_out];
  return card(`${TITLES[one.profile]} (${one.profile})`, one.status, about.filter(Boolean).join(", "), stateOf(one.status), one.reason);
}

// The other format, as either profile writes it: the one that was chosen, or else the one that there is.
function other(written, view, hands) {
  const there = Object.keys(TITLES).filter((profile) => written[profile].text || written[profile].same);
  const chosen = there.includes(view.profile) ? view.profile : there[0];
  if (!chosen) return panel("The other format", "", null, soft(`Nothing can be written: it ${written.strict.reason}.`));
  const one = written[chosen];
  const text = one.same ? written.strict.text : one.text;
  const isBoth = there.length === 2 && !written.dotnet.same;
  const choice = isBoth && there.map((profile) =>
    button(TITLES[profile], () => hands.profile(profile), { "aria-pressed": String(profile === chosen) }));
  const buttons = el("span", { class: "hands" }, choice, button(view.pretty ? "Wire form" : "Indented", hands.pretty),
    button("Copy", () => hands.copy(chosen)), button("Save", () => hands.save(chosen, one.format)));
  const only = `${TITLES[chosen]}; in the other profile nothing can be written.`;
  const said = isBoth ? "" : there.length === 2 ? "The same in both profiles." : only;
  const losses = (one.found || []).map((found) => ({ ...found, place: "", excerpt: undefined }));
  return panel(`As ${one.format.toUpperCase()}`, size(text.size || 0), text, lines(text, "The other format"), buttons,
    [said && soft(said), losses.length > 0 && el("div", {}, soft("What cannot be kept:"), listOf(losses, 0, "w"))]);
}

// --- captures

export function captured(told, hands) {
  const rows = told.exchanges.map((one) => {
    if (!one.number) return el("tr", { class: "error" }, el("td", { colspan: 4, text: one.broken || "a part that cannot be read" }));
    const called = [one.method, one.url].filter(Boolean).join(" ") || "a body";
    const cells = [String(one.number), [called, one.operation && soft(one.operation)], one.status ? String(one.status) : ""];
    return el("tr", {}, cells.map((cell) => el("td", {}, cell)), el("td", {}, (one.bodies || []).map((body) => bodyOf(one, body, hands))));
  });
  const heads = ["No.", "exchange", "status", "bodies"].map((name) => el("th", { scope: "col", text: name }));
  const more = told.more ? ` ${number(told.more)} more are not listed.` : "";
  const caption = el("caption", { text: `Exchanges; choose a body to look at it.${more}` });
  const table = el("table", {}, caption, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, rows));
  return el("div", {}, card(`${told.name}, a capture`, told.status, told.told, stateOf(told.status)),
    el("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Exchanges" }, table));
}

function bodyOf(exchange, body, hands) {
  const told = body.strict === body.dotnet ? body.told : `${body.told}; dotnet: ${body.dotnet}`;
  if (!body.there) return soft(`${body.side}: ${told}`);
  const look = (event) => hands.body(exchange.number, body.side, event.target.closest("tr"));
  const label = `Look at the ${body.side} of exchange ${exchange.number}`;
  return el("p", {}, button(body.side, look, { class: "link", "aria-label": label }), " ",
    el("span", { class: `tag ${BAD.includes(body.strict) ? "error" : ""}`, text: told }));
}

// --- two payloads

export function compared(told) {
  const differences = told.differences || [], found = told.found || [], wrong = told.invalid;
  const level = (at) => (wrong ? levelOf(found[at]) : "");
  const remark = (at) => (wrong ? remarkOf(found[at]) : null);
  const list = wrong ? listOf(found, 0, told.names[1] === wrong ? "b" : "a") : el("ol", { class: "found" }, differences.map(difference));
  if (told.more) list.append(el("li", { class: "soft", text: `and ${number(told.more)} more` }));
  const texts = told.texts.map((text, side) => panel(told.names[side], "", text, lines(text, told.names[side], "ab"[side], level, remark)));
  const state = wrong || differences.length ? "bad" : "good";
  const cards = el("div", { class: "cards" }, card(told.names.join(" and "), verdictOf(told), told.contract, state));
  return [cards, list, el("div", { class: "columns" }, texts)];
}

export function verdictOf(told) {
  if (told.invalid) return `${told.invalid} is invalid: it has no value to compare`;
  const count = (told.differences || []).length + (told.more || 0);
  return count ? many(count, "difference") : "the same value";
}

function difference(one, at) {
  const value = (name, side, prefix) => [el("dt", { text: name }), el("dd", {}, el("code", { text: side.value }), " ", placeOf(side, prefix + at))];
  const values = el("dl", { class: "values" }, value("first", one.left, "a"), value("second", one.right, "b"));
  return el("li", {}, codeOf({ code: one.path }), ` ${one.words}`, values);
}
