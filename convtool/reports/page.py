"""The fixed parts of the HTML page: its style, which follows the reader's choice of light or dark, and its filter.

The page loads nothing and sends nothing: its policy forbids it, whatever the names and payloads hold that are shown.
"""

__all__ = ["HEAD", "SCRIPT"]

HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #1c2530; --soft: #5b6877; --line: #d9dfe6; --paper: #fff; --card: #f5f7f9;
  --good: #1a7f4b; --bad: #c0362c; --warn: #9a6700; --note: #2563a8; --mark: #ffe3df; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #e4e9ef; --soft: #9aa7b5; --line: #36414d; --paper: #14191f; --card: #1c232b;
    --good: #4ac585; --bad: #ff8177; --warn: #e0b04a; --note: #79b5f5; --mark: #5a2320; }}
}}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 72rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }}
h1 {{ font-size: 1.6rem; margin: 0 0 .25rem; }}
h2 {{ font-size: 1.1rem; margin: 2.25rem 0 .75rem; }}
.soft {{ color: var(--soft); }}
.cards {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem;
  margin-top: 1.25rem; }}
.card {{ background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .7rem .9rem; }}
.card b {{ display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }}
.good b {{ color: var(--good); }} .bad b {{ color: var(--bad); }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; vertical-align: top; padding: .45rem .6rem; border-bottom: 1px solid var(--line); }}
th {{ color: var(--soft); font-weight: 600; }}
td.n, th.n {{ text-align: right; font-variant-numeric: tabular-nums; }}
.bars td:nth-child(1) {{ white-space: nowrap; font-family: ui-monospace, monospace; }}
.bars td:nth-child(3) {{ width: 50%; }}
.bar {{ display: block; height: .85rem; min-width: 2px; border-radius: .2rem; background: var(--note); }}
.bar.error {{ background: var(--bad); }} .bar.warning {{ background: var(--warn); }}
.filter {{ display: none; gap: .75rem; margin: 0 0 .75rem; flex-wrap: wrap; align-items: center; }}
.js .filter {{ display: flex; }}
input, select {{ font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line);
  border-radius: .4rem; padding: .4rem .6rem; }}
input {{ flex: 1; min-width: 14rem; }}
.name {{ font-family: ui-monospace, monospace; overflow-wrap: anywhere; }}
.tag {{ display: inline-block; border-radius: 1rem; padding: 0 .6rem; border: 1px solid currentColor;
  font-size: .85em; }}
.tag.invalid, .tag.refused, .tag.failed {{ color: var(--bad); }} .tag.skipped {{ color: var(--soft); }}
.finding {{ margin: 0 0 .6rem; }}
.finding code {{ color: var(--soft); }}
.finding.error > b {{ color: var(--bad); }} .finding.warning > b {{ color: var(--warn); }}
.finding.notice > b {{ color: var(--note); }}
pre {{ margin: .25rem 0 0; padding: .35rem .6rem; background: var(--card); border-radius: .35rem; overflow-x: auto;
  font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }}
mark {{ background: var(--mark); color: inherit; border-bottom: 2px solid var(--bad); }}
</style>
</head>
"""

SCRIPT = """<script>
(function () {
  document.body.classList.add("js");
  var text = document.getElementById("text"), status = document.getElementById("status");
  var shown = document.getElementById("shown");
  var rows = Array.prototype.slice.call(document.querySelectorAll("#files tbody tr"));
  var words = rows.map(function (row) { return row.textContent.toLowerCase(); });
  function filter() {
    var wanted = text.value.toLowerCase().split(/\\s+/).filter(Boolean), of = status.value, count = 0;
    rows.forEach(function (row, at) {
      var fits = (!of || row.dataset.status === of) &&
        wanted.every(function (word) { return words[at].includes(word); });
      row.hidden = !fits;
      count += fits;
    });
    shown.textContent = count + " of " + rows.length;
  }
  text.addEventListener("input", filter);
  status.addEventListener("change", filter);
  filter();
})();
</script>
"""
