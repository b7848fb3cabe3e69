# PDF by WeasyPrint, which knows no MathML: formulas become inline boxes with the same look. Nothing is fetched.
import weasyprint

PAGE_CSS = """
@page { size: A4; margin: 22mm 22mm 24mm; @bottom-center { content: counter(page); font: 9pt sans-serif; color: #616e7c } }
body { font-size: 10.5pt; line-height: 1.5; padding: 0; margin: 0 } article { max-width: none; margin: 0; padding: 0 }
h1, h2, h3, h4 { break-after: avoid; margin: 1.4em 0 .5em } header h1 { margin-top: 0; font-size: 22pt } p, li { orphans: 3; widows: 3 }
figure { margin: 1.2em 0; break-inside: avoid; width: auto } figure img { max-width: 100%; max-height: 95mm; width: auto; height: auto }
figcaption { margin: .4em 0 0; padding: 0; max-width: none; font-size: 9.5pt }
table { border-collapse: collapse; border-top: 1pt solid #1f2933; border-bottom: 1pt solid #1f2933; width: auto; margin: 1em 0 }
th, td { padding: .25em .9em; border-bottom: .4pt solid #cbd2d9 } blockquote { border-left: 2pt solid #cbd2d9; margin-left: 0; padding-left: 1em }
pre { background: #f5f7fa; padding: .7em 1em; font-size: 9pt; white-space: pre-wrap } a { color: #1b4f72 }
"""
MATH_CSS = """
.mx { font-family: "Latin Modern Math", "STIX Two Math", "Noto Sans Math", "Noto Serif", serif; white-space: nowrap }
.mx i { font-style: italic } .mx .op { margin: 0 .18em } .mx.block { display: block; text-align: center; margin: 1em 0 }
.mx .frac { display: inline-block; vertical-align: middle; text-align: center }
.mx .frac > span { display: block; padding: 0 .2em } .mx .frac > span:first-child { border-bottom: .06em solid }
.mx .root { border-top: .06em solid; padding: 0 .1em } .mx sup, .mx sub { font-size: .72em; line-height: 1 }
.mx .under { display: inline-block; text-align: center; vertical-align: middle } .mx .under > span { display: block }
.mx .under .small { font-size: .7em; line-height: 1.1 } .mx table { display: inline-table; vertical-align: middle }
"""
LARGE_OPERATORS = set("∑∏∐⋃⋂⋁⋀⨁⨂")
PLAIN_OPERATORS = set("()[]{}|,;.!′'")


def span(kind, *children, tag="span"):
    element = ET.Element(tag, {"class": kind} if kind else {})
    for child in children:
        element.append(child)
    return element


def token(node):
    text = "".join(node.itertext()).strip()
    name = local(node)
    slanted = name == "mi" and len(text) == 1 and node.get("mathvariant") != "normal"
    element = ET.Element("i" if slanted else "span")
    if name == "mo" and text and text not in PLAIN_OPERATORS:
        element.set("class", "op")
    element.text = text
    return element


def scripts(node, *kinds):
    parts = [formula(child) for child in node]
    row = span("", parts[0])
    for part, kind in zip(parts[1:], kinds):
        row.append(span("", part, tag=kind))
    return row


def stacked(node, over, under):
    parts = [formula(child) for child in node]
    base, extra = parts[0], [span("small", part) for part in parts[1:]]
    order = [span("", base)]
    if under:
        order.append(extra.pop(0))
    if over and extra:
        order.insert(0, extra.pop(0))
    return span("under", *order)


def formula(node):
    """A MathML element as HTML."""
    name = local(node)
    if name in ("mi", "mn", "mo", "mtext", "ms"):
        return token(node)
    if name == "mfrac":
        return span("frac", *[span("", formula(child)) for child in node])
    if name == "msqrt":
        root = span("", ET.Element("span"), span("root", *[formula(child) for child in node]))
        root[0].text = "√"
        return root
    if name == "mroot":
        root = span("", span("", formula(node[1]), tag="sup"), ET.Element("span"), span("root", formula(node[0])))
        root[1].text = "√"
        return root
    if name in ("msup", "msub", "msubsup") and text_of(node[0]) in LARGE_OPERATORS:
        return stacked(node, over=name != "msub", under=name != "msup")
    if name in ("msup", "msub", "msubsup"):
        return scripts(node, *{"msup": ["sup"], "msub": ["sub"], "msubsup": ["sub", "sup"]}[name])
    if name in ("mover", "munder", "munderover"):
        return stacked(node, over=name != "munder", under=name != "mover")
    if name == "mtable":
        return span("", *[span("", *[span("", *[formula(c) for c in cell], tag="td") for cell in row], tag="tr") for row in node], tag="table")
    if name in ("annotation", "annotation-xml"):
        return ET.Element("span")
    return span("", *[formula(child) for child in node])


def with_formulas(element):
    for number, child in enumerate(list(element)):
        if local(child) == "math":
            made = span("mx block" if child.get("display") == "block" else "mx", *[formula(part) for part in child])
            made.tail = child.tail
            element[number] = made
        else:
            with_formulas(child)


def set_directions(page):
    """Each block reads from the side of its first letter, which WeasyPrint does not find by itself."""
    for block in page.iter():
        if local(block) not in ("p", "li", "td", "th", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"):
            continue
        if reads_from_right(text_of(block)):
            block.set("style", "direction: rtl; text-align: right;" + block.get("style", ""))


def no_fetch(url, *_, **__):
    if not url.startswith("data:"):
        raise ValueError("only what is inside the page is loaded")
    return weasyprint.default_url_fetcher(url)


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    page = read_page()
    with_formulas(page)
    set_directions(page)
    for style in page.iter("style"):
        style.text = (style.text or "") + PAGE_CSS + MATH_CSS
    html = "<!DOCTYPE html>" + ET.tostring(page, encoding="unicode", method="html")
    document = weasyprint.HTML(string=html, url_fetcher=no_fetch).render(optimize_size=("fonts",))
    sys.stdout.buffer.write(document.write_pdf(finisher=None))


main()
