// The report's page: the files are data, packed a thousand at a time, and a page of them is shown. Nothing loads or leaves.
(function () {
  "use strict";
  var PAGE = 100, GROUP = 20, root = document.documentElement;
  var $ = function (id) { return document.getElementById(id); };
  var about = JSON.parse($("about").textContent);
  var files = [], order = [], state = { q: "", status: "", sort: "", page: 0, view: "file" };
  document.body.classList.add("js");

  // --- light and dark

  function theme(name) {
    if (name) { root.dataset.theme = name; } else { delete root.dataset.theme; }
    $("theme").textContent = "Colours: " + (name || "as the system");
    try { localStorage.setItem("convtool-theme", name); } catch (error) { /* a page from a file may have no storage */ }
  }
  try { theme(localStorage.getItem("convtool-theme") || ""); } catch (error) { theme(""); }
  $("theme").addEventListener("click", function () {
    theme({ "": "dark", dark: "light", light: "" }[root.dataset.theme || ""]);
  });

  // --- the data: [name, status, contract, reason, findings, more, exchange]

  async function unpack(element) {
    var bytes = Uint8Array.from(atob(element.textContent.trim()), function (c) { return c.charCodeAt(0); });
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  }

  async function load() {
    for (var element of document.querySelectorAll("script[data-files]")) {
      for (var row of await unpack(element)) { files.push(file(row, files.length)); }
      element.remove();
    }
    restore();
    root.dataset.loaded = files.length;
  }

  function file(row, number) {
    var findings = row[4].map(function (one) {
      return { code: about.codes[one[0]], severity: about.severities[one[1]], place: one[2], path: one[4], message: one[3],
        hint: one[5], excerpt: one[6], count: one[7] };
    });
    var found = { number: number, name: row[0], status: about.statuses[row[1]], contract: row[2], reason: row[3],
      findings: findings, more: row[5], exchange: row[6] };
    found.words = [found.name, found.status, found.contract, found.reason, exchange(found)].concat(findings.map(function (one) {
      return [one.code, one.place, one.message, one.path, one.hint, (one.excerpt || []).join("")].join(" ");
    })).join(" ").toLowerCase();
    return found;
  }

  function exchange(one) {
    return one.exchange ? one.exchange.filter(Boolean).join(" ") : "";
  }

  // --- search: words, "phrases", -without, and code: status: contract: file: severity: method: operation:

  var FIELDS = {
    code: function (one, is) { return one.findings.some(function (f) { return f.code === is || f.code.startsWith(is + "."); }); },
    severity: function (one, is) { return one.findings.some(function (f) { return f.severity === is; }); },
    status: function (one, is) { return one.status === is || one.status.replace(" ", "-") === is; },
    contract: function (one, is) { return one.contract.toLowerCase() === is; },
    file: function (one, is) { return one.name.toLowerCase().includes(is); },
    method: function (one, is) { return !!one.exchange && one.exchange[0].toLowerCase() === is; },
    operation: function (one, is) { return !!one.exchange && one.exchange[3].toLowerCase().includes(is); }
  };

  function tokens(text) {
    return (text.toLowerCase().match(/-?(?:[a-z]+:)?"[^"]*"?|\S+/g) || []).map(function (part) {
      var not = part.length > 1 && part[0] === "-", rest = not ? part.slice(1) : part;
      var field = /^([a-z]+):(.+)$/.exec(rest), known = field && FIELDS[field[1]];
      var word = (known ? field[2] : rest).replace(/"/g, "");
      return function (one) { return (known ? known(one, word) : one.words.includes(word)) !== not; };
    });
  }

  function select() {
    var wanted = tokens(state.q);
    order = files.filter(function (one) {
      return (!state.status || one.status === state.status) && wanted.every(function (fits) { return fits(one); });
    });
    var by = state.sort.replace("-", ""), down = state.sort[0] === "-" ? -1 : 1;
    var key = { file: function (o) { return o.name; }, status: function (o) { return o.status; },
      findings: function (o) { return o.findings.length + o.more; } }[by];
    if (key) {
      order.sort(function (a, b) {
        var x = key(a), y = key(b);
        return down * (x < y ? -1 : x > y ? 1 : 0) || a.number - b.number;
      });
    }
  }

  // --- what is shown

  function make(name, attributes, children) {
    var element = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    (children || []).forEach(function (child) { if (child) { element.append(child); } });
    return element;
  }

  function path(one) {
    var cut = Math.max(one.name.lastIndexOf("/") + 1, one.name.length - 28);
    return make("a", { href: "#f" + one.number, class: "path", title: one.name }, [
      make("span", { class: "head" }, [one.name.slice(0, cut)]), make("span", { class: "tail" }, [one.name.slice(cut)])]);
  }

  function finding(one) {
    var times = one.count > 1 ? " (" + one.count.toLocaleString("en") + " times; this is the first)" : "";
    var lines = [make("b", {}, [one.code]), " " + (one.place ? one.place + " " : "") + one.message + times + " ",
      one.path ? make("code", {}, [one.path]) : null];
    if (one.excerpt) {
      lines.push(make("pre", {}, [one.excerpt[0], make("mark", {}, [one.excerpt[1] || "\u00a0"]), one.excerpt[2]]));
    }
    if (one.hint) { lines.push(make("div", { class: "soft" }, [one.hint])); }
    return make("div", { class: "finding " + one.severity }, lines);
  }

  function row(one, code) {
    var shown = one.findings.filter(function (f) { return !code || f.code === code; });
    var inside = shown.map(finding);
    if (one.reason) { inside.unshift(make("p", { class: "finding" }, [one.reason])); }
    if (one.more && !code) { inside.push(make("p", { class: "soft" }, ["and " + one.more.toLocaleString("en") + " more"])); }
    var name = make("td", {}, [path(one), one.exchange ? make("span", { class: "soft" }, [exchange(one)]) : null]);
    var tag = make("span", { class: "tag " + one.status.replace(" ", "-") }, [one.status]);
    var made = make("tr", { class: "row", tabindex: "-1", "data-status": one.status }, [name, make("td", {}, [tag]),
      make("td", {}, inside)]);
    if (!code) { made.id = "f" + one.number; }
    return made;
  }

  function groups() {
    var found = {};
    order.forEach(function (one) {
      var codes = one.findings.map(function (f) { return f.code; });
      (codes.length ? codes : ["(" + one.status + ")"]).forEach(function (code) {
        var of = found[code] = found[code] || [];
        if (of[of.length - 1] !== one) { of.push(one); }
      });
    });
    return Object.keys(found).sort(function (a, b) { return found[b].length - found[a].length || (a < b ? -1 : 1); })
      .map(function (code) { return [code, found[code]]; });
  }

  function draw(every) {
    var body = $("files").tBodies[0], size = every ? 2000 : PAGE, last = Math.max(0, Math.ceil(order.length / size) - 1);
    state.page = Math.min(state.page, last);
    if (state.view === "code") {
      last = 0;
      body.replaceChildren.apply(body, groups().flatMap(function (group) {
        var bare = group[0][0] === "(", code = bare ? "" : group[0];
        var all = bare ? "status:\"" + group[0].slice(1, -1) + "\"" : "code:" + code;
        var head = make("th", { colspan: "3", scope: "rowgroup" }, [group[0] + " · ",
          make("a", { href: "#q=" + encodeURIComponent(all) }, [plural(group[1].length)])]);
        return [make("tr", { class: "group", id: "code-" + group[0] }, [head])].concat(
          group[1].slice(0, GROUP).map(function (one) { return row(one, code); }));
      }));
    } else {
      body.replaceChildren.apply(body, order.slice(state.page * size, (state.page + 1) * size).map(function (one) { return row(one); }));
    }
    $("shown").textContent = order.length.toLocaleString("en") + " of " + plural(about.total);
    $("place").textContent = last ? "page " + (state.page + 1) + " of " + (last + 1) : "";
    $("before").disabled = state.page === 0;
    $("after").disabled = state.page === last;
    document.querySelectorAll("#files th[data-sort]").forEach(function (head) {
      var is = state.sort.replace("-", "") === head.dataset.sort;
      head.setAttribute("aria-sort", !is ? "none" : state.sort[0] === "-" ? "descending" : "ascending");
      head.querySelector("span").textContent = !is ? "" : state.sort[0] === "-" ? " ▼" : " ▲";
    });
    document.querySelectorAll("button[data-view]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.view === state.view));
    });
  }

  function plural(count) { return count.toLocaleString("en") + (count === 1 ? " file" : " files"); }

  function change(told) {
    Object.assign(state, { page: 0 }, told);
    $("text").value = state.q;
    $("status").value = state.status;
    select();
    draw();
    var words = Object.keys(state).filter(function (key) { return state[key] && !(key === "view" && state.view === "file"); });
    var hash = words.map(function (key) { return key + "=" + encodeURIComponent(state[key]); }).join("&");
    try { history.replaceState(null, "", "#" + hash); } catch (error) { /* where a page may not have a history */ }
  }

  // --- anchors: #q=…&status=… is a state, #f12 a file

  function restore() {
    var hash = location.hash.slice(1), number = /^f(\d+)$/.exec(hash);
    if (number) {
      Object.assign(state, { q: "", status: "", sort: "", view: "file", page: Math.floor(number[1] / PAGE) });
      $("text").value = $("status").value = "";
      select();
      draw();
      var found = $("f" + number[1]);
      if (found) { found.scrollIntoView({ block: "center" }); found.focus(); }
      return;
    }
    var told = { q: "", status: "", sort: "", view: "file" };
    hash.split("&").forEach(function (part) {
      var at = part.indexOf("="), key = part.slice(0, at);
      if (key in told) { told[key] = decodeURIComponent(part.slice(at + 1)); }
      if (key === "page") { told.page = Number(part.slice(at + 1)) || 0; }
    });
    change(told);
  }
  window.addEventListener("hashchange", function () {
    restore();
    if (!/^#f\d/.test(location.hash)) { $("list").scrollIntoView(); }
  });

  // --- hands

  $("text").addEventListener("input", function () { change({ q: $("text").value }); });
  $("status").addEventListener("change", function () { change({ status: $("status").value }); });
  $("before").addEventListener("click", function () { change({ page: state.page - 1 }); });
  $("after").addEventListener("click", function () { change({ page: state.page + 1 }); });
  document.querySelectorAll("button[data-view]").forEach(function (button) {
    button.addEventListener("click", function () { change({ view: button.dataset.view }); });
  });
  document.querySelectorAll("#files th[data-sort]").forEach(function (head) {
    head.querySelector("button").addEventListener("click", function () {
      var by = head.dataset.sort;
      change({ sort: state.sort === by ? "-" + by : state.sort === "-" + by ? "" : by });
    });
  });
  window.addEventListener("beforeprint", function () { draw(true); });
  window.addEventListener("afterprint", function () { draw(); });

  function step(by) {
    var rows = Array.from(document.querySelectorAll("#files tr.row")), at = rows.indexOf(document.activeElement.closest("tr"));
    var next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next) { next.focus(); }
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "Escape" && event.target === $("text")) { change({ q: "" }); return; }
    if (typing) { return; }
    var keys = { "/": function () { $("text").focus(); }, j: function () { step(1); }, k: function () { step(-1); },
      n: function () { $("after").click(); }, p: function () { $("before").click(); },
      c: function () { change({ view: state.view === "code" ? "file" : "code" }); } };
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });

  load();
})();
