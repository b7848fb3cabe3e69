# DOCX, ODT and EPUB by pandoc. It gets HTML whose pictures are all inside, so there is nothing for it to load; its own
# --sandbox cannot be used, since Debian's pandoc then does not find its templates.
# What pandoc leaves out (alternative texts, our look) or makes new each time (dates, ids) is settled in the result.
import hashlib
import io
import os
import subprocess
import tempfile
import zipfile

PANDOC = "/usr/bin/pandoc"
# The largest picture on the page, in inches.
PAGE_WIDTH, PAGE_HEIGHT = 6.3, 4.5
SCREEN_DPI = 96
STAMP = (2000, 1, 1, 0, 0, 0)
INK, ACCENT, QUIET = "1F2933", "1B4F72", "616E7C"


def inches(img):
    width, height = float(img.get("width")), float(img.get("height"))
    return min(PAGE_WIDTH, width / SCREEN_DPI, PAGE_HEIGHT * width / height)


def set_width(img):
    img.set("width", f"{inches(img):.2f}in")
    img.attrib.pop("height", None)


def figure_parts(figure):
    """The picture and the caption's plain text ("Figure 1. …", without the credit)."""
    caption = copy.deepcopy(figure.find("figcaption"))
    if caption is not None:
        for credit in caption.findall("span[@class='credit']"):
            caption.remove(credit)
    return figure.find(".//img"), "" if caption is None else text_of(caption).replace(".", ". ", 1).replace(".  ", ". ")


def failed_note(figure):
    quote = ET.Element("blockquote")
    paragraph = ET.SubElement(quote, "p")
    paragraph.text = re.sub(r"\s+", " ", " ".join(figure.find("div").itertext())).strip()
    return quote


def plain_figure(figure):
    img, caption = figure_parts(figure)
    if img is None:
        return failed_note(figure)
    set_width(img)
    made = ET.Element("figure")
    made.append(img)
    img.tail = None
    ET.SubElement(made, "figcaption").text = caption
    return made


NUMBER = re.compile(r"[-+−–]?[$€£¥]?\s?[\d][\d\s.,'’]*\s?(%|‰|°C|°F|[a-zµ]{1,3}[²³]?|[$€£¥])?", re.I)


def align_numbers(table):
    """Columns whose cells are all numbers (or empty) stand at the right, their heads too."""
    rows = [list(row) for row in table.iter("tr")]
    body = [row for row in rows if row and row[0].tag == "td"]
    for column in range(max(map(len, rows), default=0)):
        texts = [text_of(row[column]) for row in body if column < len(row)]
        if any(texts) and all(NUMBER.fullmatch(text) for text in texts if text):
            for row in rows:
                if column < len(row):
                    row[column].set("style", "text-align: right")


def enclosed(block, **attributes):
    div = ET.Element("div", attributes)
    div.append(block)
    return div


def flowing(article):
    """The article's blocks for a text document: no header (the title is its own), figures in their plain form."""
    blocks = []
    for element in article:
        if element.tag == "header":
            continue
        for table in element.iter("table"):
            align_numbers(table)
        for part in element if element.tag == "footer" else [element]:
            block = plain_figure(part) if part.tag == "figure" else part
            if block.tag not in ("figure", "table") and reads_from_right(text_of(block)):
                block = enclosed(block, dir="rtl")
            blocks.append(block)
    return blocks


def alternative_texts(blocks):
    return [img.get("alt", "") for block in blocks for img in block.iter("img")]


def only_own_pictures(html):
    """Fails where anything would be loaded from outside the page."""
    for element in html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False).iter():
        loads = [element.get(name, "data:image/") for name in ("src", "data", "poster", "srcset")]
        if local(element) in ("link", "script", "iframe", "object", "embed") or not all(url.startswith("data:image/") for url in loads):
            sys.exit(f"the page would load something: <{local(element)}>")


def pandoc(html, to, title, language, *arguments):
    only_own_pictures(html)
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent", "SOURCE_DATE_EPOCH": "946684800"}
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out")
        command = [PANDOC, "+RTS", "-M1g", "-RTS", "-f", "html", "-t", to, "--metadata", f"title={title}", "--metadata", f"lang={language}",
                   *[argument.replace("{folder}", folder) for argument in arguments], "-o", out]
        for name, data in REFERENCES.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data())
        done = subprocess.run(command, input=html.encode(), env=environment, cwd=folder, capture_output=True)
        if done.returncode != 0:
            sys.exit(f"pandoc: {done.stderr.decode(errors='replace')[:300]}")
        with open(out, "rb") as file:
            return file.read()


def default_reference(name):
    return subprocess.run([PANDOC, f"--print-default-data-file={name}"], capture_output=True, check=True).stdout


def rewritten(data, change):
    """The zip archive with `change(name, bytes)` for each member, in the same order, with one date for all."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, STAMP)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(info, change(entry.filename, old.read(entry)))
    return out.getvalue()


def undated(name, data):
    if name in ("docProps/core.xml", "meta.xml"):
        data = re.sub(rb"<(dcterms:created|dcterms:modified|dc:date|meta:creation-date)\b[^>]*>[^<]*</\1>", b"", data)
    return data


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def numbered(pattern, texts, replace):
    """re.sub whose n-th match takes the n-th text."""
    left = iter(texts)
    return lambda xml: re.sub(pattern, lambda match: replace(match, next(left, "")), xml)


# ---- DOCX

# A4 with margins that leave PAGE_WIDTH, in twentieths of a point.
WORD_PAGE = ('<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1304" w:right="1417" w:bottom="1304" w:left="1417" w:header="708" '
             'w:footer="708" w:gutter="0"/>')

def word_style(xml, style, **changes):
    """Sets run and paragraph properties of one style of styles.xml."""
    def restyle(match):
        body = match[0]
        for tag, value in changes.items():
            name = tag.replace("_", ":")
            body = re.sub(rf"<{name}\b[^>]*/>", "", body)
            part = "w:pPr" if tag in ("w_jc", "w_spacing", "w_keepNext") else "w:rPr"
            if f"<{part}>" in body:
                body = body.replace(f"<{part}>", f"<{part}><{name} {value}/>", 1)
            else:
                body = body.replace("</w:style>", f"<{part}><{name} {value}/></{part}></w:style>")
        return body
    return re.sub(rf'<w:style\b[^>]*w:styleId="{style}".*?</w:style>', restyle, xml, flags=re.S)


def word_reference():
    def change(name, data):
        if name != "word/styles.xml":
            return data
        xml = data.decode()
        xml = re.sub(r"<w:rFonts [^>]*/>", '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Noto Sans CJK SC" w:cs="Noto Sans Arabic"/>', xml)
        sizes = {"Title": 52, "Heading1": 36, "Heading2": 30, "Heading3": 26, "Heading4": 24}
        for style, size in sizes.items():
            xml = word_style(xml, style, w_color=f'w:val="{ACCENT}"', w_sz=f'w:val="{size}"')
        xml = word_style(xml, "Title", w_jc='w:val="left"')
        xml = word_style(xml, "VerbatimChar", w_rFonts='w:ascii="Consolas" w:hAnsi="Consolas" w:eastAsia="Noto Sans Mono CJK SC" w:cs="Consolas"', w_sz='w:val="20"')
        for style in ("BodyText", "FirstParagraph", "Compact"):
            xml = word_style(xml, style, w_color=f'w:val="{INK}"')
        for style in ("ImageCaption", "TableCaption"):
            xml = word_style(xml, style, w_color=f'w:val="{QUIET}"', w_sz='w:val="19"', w_spacing='w:before="60" w:after="240"')
        xml = word_style(xml, "CaptionedFigure", w_spacing='w:before="240" w:after="0"')
        table = (f'<w:tblBorders><w:top w:val="single" w:sz="8" w:color="{INK}"/><w:bottom w:val="single" w:sz="8" w:color="{INK}"/>'
                 f'<w:insideH w:val="single" w:sz="4" w:color="CBD2D9"/></w:tblBorders>')
        xml = re.sub(r'(<w:style\b[^>]*w:styleId="Table".*?<w:tblPr>)', rf"\1{table}", xml, count=1, flags=re.S)
        return re.sub(r'(<w:style\b[^>]*w:styleId="Table".*?<w:tblStylePr w:type="firstRow">)', r"\1<w:rPr><w:b/></w:rPr>", xml, count=1, flags=re.S).encode()
    return rewritten(default_reference("reference.docx"), change)


def word_finish(data, texts):
    describe = numbered(r"<wp:docPr\b[^>]*/>", texts, lambda match, text: re.sub(r' descr="[^"]*"', "", match[0]).replace("/>", f' descr="{escaped(text)}"/>'))

    def change(name, member):
        if name == "word/document.xml":
            xml = re.sub(r"<w:sectPr\b.*?</w:sectPr>|<w:sectPr ?/>", f"<w:sectPr>{WORD_PAGE}</w:sectPr>", member.decode(), flags=re.S)
            return describe(xml).encode()
        return undated(name, member)
    return rewritten(data, change)


# ---- ODT

# pandoc's reference has no such style; its documents use it.
ODT_TITLE = ('<style:style style:name="Title" style:family="paragraph" style:parent-style-name="Heading" style:class="chapter">'
             '<style:paragraph-properties fo:text-align="start" fo:margin-bottom="0.2in"/>'
             f'<style:text-properties fo:color="#{ACCENT}" fo:font-size="26pt" style:font-size-asian="26pt" style:font-size-complex="26pt" fo:font-weight="bold"/></style:style>')
ODT_RULES = {"TableHeaderRowCell": f'fo:border-top="1pt solid #{INK}" fo:border-bottom="1pt solid #{INK}"', "TableRowCell": 'fo:border-bottom="0.5pt solid #CBD2D9"'}


def text_reference():
    def change(name, data):
        if name != "styles.xml":
            return data
        xml = data.decode()
        for level, size in ((1, "20pt"), (2, "16pt"), (3, "13pt")):
            xml = re.sub(rf'(<style:style style:name="Heading_20_{level}".*?<style:text-properties)', rf'\1 fo:color="#{ACCENT}"', xml, count=1, flags=re.S)
            xml = re.sub(rf'(<style:style style:name="Heading_20_{level}".*?fo:font-size=)"[^"]*"', rf'\1"{size}"', xml, count=1, flags=re.S)
        xml = re.sub(r'<style:style style:name="Heading_20_\d".*?</style:style>', upright, xml, flags=re.S)
        return xml.replace("</office:styles>", ODT_TITLE + "</office:styles>", 1).encode()

    def upright(style):
        return re.sub(r'(fo:font-style|style:font-style-(?:asian|complex))="italic"', r'\1="normal"', style[0])
    return rewritten(default_reference("reference.odt"), change)


def text_finish(data, texts):
    describe = numbered(r"(<draw:frame\b[^>]*>\s*<draw:image\b[^>]*/>)", texts, lambda match, text: f"{match[1]}<svg:desc>{escaped(text)}</svg:desc>")

    def change(name, member):
        if name == "content.xml":
            xml = describe(member.decode())
            for style, rules in ODT_RULES.items():
                xml = re.sub(rf'(style:name="{style}"[^>]*>\s*<style:table-cell-properties) fo:border="none"', rf'\1 {rules} fo:padding="0.04in"', xml)
            return xml.encode()
        return undated(name, member)
    return rewritten(data, change)


# ---- EPUB

EPUB_CSS = f"""body {{ font-family: serif; line-height: 1.5; color: #{INK} }} h1, h2, h3 {{ font-family: sans-serif; color: #{ACCENT}; line-height: 1.2 }}
figure {{ margin: 1.5em 0; text-align: center }} img {{ max-width: 100% }} figcaption, p.caption {{ font-size: .85em; color: #{QUIET} }}
table {{ border-collapse: collapse; margin: 1em auto }} td, th {{ padding: .3em .7em; border-bottom: 1px solid #cbd2d9; text-align: left }}
pre {{ font-size: .85em; white-space: pre-wrap }}"""


def book_finish(data, texts):
    left = iter(texts)

    def change(name, member):
        if name.endswith(".xhtml"):
            xml = member.decode()
            # pandoc puts the caption there, which a reader would hear twice.
            return re.sub(r"<img\b[^>]*/?>", lambda match: re.sub(r'\balt="[^"]*"', "", match[0]).replace("<img", f'<img alt="{escaped(next(left, ""))}"', 1), xml).encode()
        return member
    return rewritten(data, change)


REFERENCES = {}


def main(to):
    page = read_page()
    title, language = title_of(page), page.get("lang", "en")
    blocks = flowing(article_of(page))
    texts = alternative_texts(blocks)
    html = html_of(blocks)
    identifier = hashlib.sha256(html.encode()).hexdigest()
    if to == "docx":
        REFERENCES["reference.docx"] = word_reference
        made = word_finish(pandoc(html, "docx", title, language, "--reference-doc={folder}/reference.docx"), texts)
    elif to == "odt":
        REFERENCES["reference.odt"] = text_reference
        made = text_finish(pandoc(html, "odt", title, language, "--reference-doc={folder}/reference.odt"), texts)
    else:
        REFERENCES["book.css"] = lambda: EPUB_CSS.encode()
        made = book_finish(pandoc(html, "epub3", title, language, "--mathml", "--css={folder}/book.css", "--metadata",
                                  f"identifier=urn:sha256:{identifier}"), texts)
    sys.stdout.buffer.write(made)


if len(sys.argv) > 1:
    main(sys.argv[1])
