"""How the help page looks: one column of text, quiet tables, samples side by side; light and dark."""

__all__ = ["STYLE"]

STYLE = """
:root { --ink: #1d2733; --soft: #5b6875; --line: #dde3ea; --paper: #fff; --tint: #f5f7fa; --accent: #0b62a8;
  color-scheme: light dark; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ef; --soft: #9aa7b5; --line: #313b47; --paper: #14191f;
  --tint: #1b222a; --accent: #6bb3ee; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
body { margin: 0 auto; padding: 2.5rem 1.5rem 5rem; max-width: 68rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif; }
h1, h2, h3, h4, h5 { line-height: 1.25; margin: 2rem 0 .6rem; font-weight: 600; }
h1 { font-size: 1.9rem; margin-top: 0; } h2 { font-size: 1.5rem; margin-top: 0; }
h3 { font-size: 1.2rem; padding-bottom: .35rem; border-bottom: 1px solid var(--line); }
h4 { font-size: 1rem; } h5 { font-size: .95rem; margin-top: 1.4rem; }
p { margin: 0 0 .7rem; } header p, .lead { color: var(--soft); }
a { color: var(--accent); text-decoration: none; } a:hover, a:focus-visible { text-decoration: underline; }
.operation { margin-top: 3.5rem; } main > .operation:first-child { margin-top: 0; } nav + main { margin-top: 3.5rem; }
.verb { display: inline-block; min-width: 3.6em; padding: .1em .5em; border-radius: .3em; font-size: .72em;
  font-weight: 700;
  letter-spacing: .03em; text-align: center; vertical-align: .12em; color: #fff; background: #4a5866; }
.verb.get { background: #1f6f43; } .verb.post { background: #0b62a8; } .verb.put, .verb.patch { background: #8a5a00; }
.verb.delete { background: #a32330; }
.path { overflow-wrap: anywhere; }
.wide, nav { overflow-x: auto; } .wide table { min-width: 34rem; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
th:nth-child(1) { width: 22%; } th:nth-child(3) { width: 24%; } th:nth-child(4) { width: 11rem; }
th { white-space: nowrap; text-align: left;
  font-weight: 600; color: var(--soft); border-bottom: 2px solid var(--line); }
td { border-bottom: 1px solid var(--line); vertical-align: top; } th, td { padding: .5rem .9rem .5rem 0; }
td p { margin: 0; } td.name { font-weight: 600; white-space: nowrap; } td.type { white-space: nowrap; }
.samples { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); gap: 0 1.5rem; }
.sample { min-width: 0; } .media { margin: .6rem 0 .3rem; font-weight: 500; color: var(--soft); font-size: .88rem; }
.label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
pre { margin: 0 0 1rem; padding: .9rem 1rem; background: var(--tint); border: 1px solid var(--line); border-radius:
.4rem; max-height: 26rem; overflow: auto; font: .82rem/1.5 ui-monospace, "Cascadia Mono", Consolas, Menlo, monospace;
}
"""
