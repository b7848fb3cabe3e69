# PPTX by pandoc: a slide a figure, table or piece of code, and short points for the text, whose full wording is in the
# speaker notes. Sections that say much go over several slides.

POINT_LENGTH = 140
POINTS_A_SLIDE = 5
# What fits between title and lower edge in the reference's type, in columns (a Chinese character takes two).
LINE_COLUMNS, LINES_A_SLIDE = 44, 8
SLIDES_A_SECTION = 3
CODE_LINES = 14
TABLE_ROWS = 9
CREDITS_A_SLIDE = 6
SLIDE_WIDTH, SLIDE_HEIGHT = 8.6, 4.6
TITLE_LENGTH = 60


def shortened(text, length=POINT_LENGTH):
    if len(text) <= length:
        return text
    cut = text[: length - 1].rsplit(" ", 1)[0]
    return cut.rstrip(" ,;:.–—-") + "…"


def sentences(text):
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+|(?<=[。！？])", text) if part.strip()]


def has_formula(element):
    return any(local(node) == "math" for node in element.iter())


def points_of(element):
    """The points that a paragraph, list or quotation makes, as <li> elements."""
    items = [item for item in element.iter("li")] if element.tag in ("ul", "ol") else [element]
    points = []
    for item in items:
        if has_formula(item):
            point = ET.Element("li")
            point.text = item.text
            point.extend(copy.deepcopy(child) for child in item)
            points.append(point)
        else:
            for sentence in sentences(text_of(item)) if item is element else [text_of(item)]:
                point = ET.Element("li")
                point.text = shortened(sentence)
                points.append(point)
    return points


def element(tag, *children, text=None, **attributes):
    made = ET.Element(tag, attributes)
    made.text = text
    made.extend(children)
    return made


def lines_of(point):
    columns = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text_of(point))
    return max(1, -(-columns // LINE_COLUMNS))


def slides_of(points):
    """The points in groups, each of which fits on a slide."""
    groups, lines = [], 0
    for point in points:
        if not groups or len(groups[-1]) == POINTS_A_SLIDE or lines + lines_of(point) > LINES_A_SLIDE:
            groups.append([])
            lines = 0
        groups[-1].append(point)
        lines += lines_of(point)
    return groups


class Deck:
    def __init__(self, title):
        self.blocks, self.section, self.points, self.notes = [], title, [], []

    def slide(self, *content, title=None, notes=()):
        self.blocks.append(element("h2", text=shortened(title or self.section, TITLE_LENGTH)))
        self.blocks.extend(content)
        if notes:
            self.blocks.append(element("div", *[element("p", text=note) for note in notes], **{"class": "notes"}))

    def flush(self):
        """The points so far as slides; the full text goes with the first."""
        groups, notes = slides_of(self.points)[:SLIDES_A_SECTION], self.notes
        self.points, self.notes = [], []
        for number, points in enumerate(groups):
            self.slide(element("ul", *points), notes=notes if number == 0 else ())

    def heading(self, text):
        self.flush()
        self.section = text

    def text(self, block):
        self.points.extend(points_of(block))
        self.notes.append(text_of(block))

    def figure(self, figure):
        img, caption = figure_parts(figure)
        if img is None:
            return
        self.flush()
        width, height = float(img.get("width")), float(img.get("height"))
        img.set("width", f"{min(SLIDE_WIDTH, SLIDE_HEIGHT * width / height):.2f}in")
        img.attrib.pop("height", None)
        img.tail = None
        self.slide(element("figure", img, element("figcaption", text=shortened(caption))), notes=[caption])

    def table(self, table):
        self.flush()
        align_numbers(table)
        rows = list(table.iter("tr"))
        for body in table.iter("tbody"):
            for extra in list(body)[TABLE_ROWS:]:
                body.remove(extra)
        notes = [" | ".join(text_of(cell) for cell in row) for row in rows]
        self.slide(table, notes=notes)

    def code(self, block):
        self.flush()
        text = "".join(block.itertext()).rstrip("\n")
        lines = text.split("\n")
        shown = lines[:CODE_LINES] + (["…"] if len(lines) > CODE_LINES else [])
        self.slide(element("pre", element("code", text="\n".join(shown))), notes=[text] if len(lines) > CODE_LINES else ())


def inner_blocks(article):
    for part in article:
        if part.tag == "footer":
            yield from part
        elif part.tag in ("div", "section"):
            yield from part
        elif part.tag != "header":
            yield part


def deck_of(article, title):
    deck = Deck(title)
    for block in inner_blocks(article):
        if re.fullmatch(r"h[1-6]", block.tag):
            deck.heading(text_of(block))
        elif block.tag == "figure":
            deck.figure(block)
        elif block.tag == "table":
            deck.table(block)
        elif block.tag == "pre":
            deck.code(block)
        elif block.tag in ("p", "ul", "ol", "blockquote") and block.get("class") != "made":
            deck.text(block)
    deck.flush()
    return deck.blocks


def cover(layout):
    """The title slide's layout: the title in white on the accent colour, at the left."""
    background = '<p:bg><p:bgPr><a:solidFill><a:schemeClr val="tx2"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>'
    white = '<a:lstStyle><a:lvl1pPr algn="l"><a:defRPr sz="4000" b="1"><a:solidFill><a:schemeClr val="bg1"/></a:solidFill></a:defRPr></a:lvl1pPr></a:lstStyle>'
    begin = layout.index('type="ctrTitle"')
    title = layout[begin:].replace("<a:bodyPr/>", '<a:bodyPr anchor="ctr"/>', 1).replace("<a:lstStyle/>", white, 1)
    return (layout[:begin] + title).replace("<p:spTree>", background + "<p:spTree>", 1)


def slides_reference():
    data = default_reference("reference.pptx")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        width = re.search(rb'<p:sldSz\b[^>]*\bcx="(\d+)"', archive.read("ppt/presentation.xml"))[1].decode()
    band = ('<p:sp><p:nvSpPr><p:cNvPr id="99" name="Band"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="0"/>'
            f'<a:ext cx="{width}" cy="100000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="tx2"/>'
            "</a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>")

    def change(name, member):
        xml = member.decode() if name.endswith(".xml") else ""
        if name.startswith("ppt/theme/theme"):
            for part, colour in (("dk2", ACCENT), ("accent1", ACCENT), ("accent2", "C0562B")):
                xml = re.sub(rf'(<a:{part}>)<a:srgbClr val="[0-9A-Fa-f]+" ?/>', rf'\1<a:srgbClr val="{colour}"/>', xml)
            return xml.encode()
        if name == "ppt/slideMasters/slideMaster1.xml":
            begin, end = xml.index("<p:titleStyle>"), xml.index("</p:titleStyle>")
            style = xml[begin:end].replace('algn="ctr"', 'algn="l"').replace('val="tx1"', 'val="tx2"')
            style = re.sub(r'<a:defRPr\b(?![^>]*\bb=)', '<a:defRPr b="1"', style, count=1)
            return (xml[:begin] + style + xml[end:]).replace("</p:spTree>", band + "</p:spTree>", 1).encode()
        if name == "ppt/slideLayouts/slideLayout1.xml":
            return cover(xml).encode()
        return member
    return rewritten(data, change)


def slides_finish(data, texts):
    left = iter(texts)

    def describe(match):
        return re.sub(r' descr="[^"]*"', "", match[1]) + f' descr="{escaped(next(left, ""))}"' + match[2]

    def change(name, member):
        return undated(name, member)

    def slide_number(name):
        found = re.fullmatch(r"ppt/slides/slide(\d+)\.xml", name)
        return int(found[1]) if found else None

    # Slides stand in the archive in any order; the texts belong to them by number.
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = sorted((name for name in archive.namelist() if slide_number(name)), key=slide_number)
        described = {name: re.sub(r"(<p:pic>\s*<p:nvPicPr>\s*<p:cNvPr\b[^>]*?)( ?/?>)", describe, archive.read(name).decode()).encode() for name in names}
    return rewritten(data, lambda name, member: change(name, described.get(name, member)))


def make_slides():
    page = read_page()
    title, language = title_of(page), page.get("lang", "en")
    blocks = deck_of(article_of(page), title)
    texts = alternative_texts(blocks)
    REFERENCES["reference.pptx"] = slides_reference
    made = pandoc(html_of(blocks), "pptx", title, language, "--slide-level=2", "--reference-doc={folder}/reference.pptx")
    sys.stdout.buffer.write(slides_finish(made, texts))


make_slides()
