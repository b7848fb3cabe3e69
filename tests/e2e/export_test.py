"""PDF, DOCX, PPTX, EPUB and ODT, each opened again by a reader that is not ours."""

import json
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ET
import zipfile

import docx
import docx.enum.text

from program import Program

FORMATS = ("pdf", "docx", "pptx", "epub", "odt")
ANSWER = r"""# Volcanoes 火山

A volcano is a *rupture*. Its energy is $E = \frac{1}{2} m v^2$.

$$\sum_{i=1}^{n} i = \frac{n(n+1)}{2}$$

## Heights

| Volcano | Height (m) |
|---|---|
| Etna | 3357 |
| Fuji 富士山 | 3776 |

- First point with a [link](https://example.org/a).
- Second **point**.

<imgen>{"source": "code", "description": "Heights \"of\" two <b>volcanoes</b> & more", "params": {"code": "plt.bar(['Etna', 'Fuji'], [3357, 3776])\nplt.title('Heights')"}}</imgen>

### Code

```python
print("hello")
```

البراكين جميلة. вулкан. ηφαίστειο. 화산.

<imgen>{"source": "search", "description": "An elephant", "params": {"query": "elephant"}}</imgen>
"""
HOSTILE = """# <script>alert(1)</script> ![t](file:///etc/passwd)

![x](file:///etc/hostname) ![y](http://127.0.0.1:9/x.png) <img src="/etc/passwd"> <iframe src="file:///etc/passwd"></iframe>

[l](javascript:alert(1)) [m](file:///etc/passwd) `<script>`

\\input{/etc/passwd} {{ template }} ${HOME}

```{=openxml}
<w:evil/>
```

<include src="/etc/passwd"/> @import url(file:///etc/passwd);

::: notes
x
:::
"""
ALT = 'Heights "of" two <b>volcanoes</b> & more'


def members(path, pattern):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if re.fullmatch(pattern, name)}


class ExportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = Program()
        cls.run_folder = cls.program.home / "run"
        done = cls.render(ANSWER, cls.run_folder)
        assert done.code == 0, done.err
        cls.before = cls.files(cls.run_folder)

    @classmethod
    def render(cls, answer, folder):
        return cls.program.run("render", "-", "--out", folder, "--format", ",".join(FORMATS), "--seed", "1", input=answer,
                               env={"LLMI_SEARCH_PROVIDERS": "local"})

    @staticmethod
    def files(folder):
        return {format: (folder / f"document.{format}").read_bytes() for format in FORMATS}

    def path(self, format):
        return str(self.run_folder / f"document.{format}")

    def test_pdf(self):
        text = subprocess.run(["pdftotext", "-layout", self.path("pdf"), "-"], capture_output=True, text=True, check=True).stdout
        for part in ("Volcanoes 火山", "Heights", "Etna", "3357", "富士山", "First point", 'print("hello")', "Figure 1.", "Figure 2.", "Pictures and credits",
                     "вулкан", "ηφαίστειο", "화산"):
            self.assertIn(part, text)
        self.assertNotIn("\\frac", text)
        words = subprocess.run(["pdftotext", "-bbox", self.path("pdf"), "-"], capture_output=True, text=True, check=True).stdout
        begin = float(re.search(r'xMin="([\d.]+)"[^>]*>в?улкан', words)[1])
        self.assertGreater(begin, 300, "a paragraph that begins in Arabic begins at the right")
        images = subprocess.run(["pdfimages", "-list", self.path("pdf")], capture_output=True, text=True, check=True).stdout
        self.assertGreaterEqual(len(images.splitlines()), 4)
        fonts = subprocess.run(["pdffonts", self.path("pdf")], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
        self.assertTrue(fonts and all(" yes " in line for line in fonts), "fonts are embedded")

    def test_docx(self):
        document = docx.Document(self.path("docx"))
        styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
        self.assertEqual(styles["Volcanoes 火山"], "Title")
        self.assertEqual((styles["Heights"], styles["Code"]), ("Heading 2", "Heading 3"))
        self.assertEqual([[cell.text for cell in row.cells] for row in document.tables[0].rows], [["Volcano", "Height (m)"], ["Etna", "3357"], ["Fuji 富士山", "3776"]])
        alignments = [[cell.paragraphs[0].alignment for cell in row.cells] for row in document.tables[0].rows]
        at_the_right = [[alignment == docx.enum.text.WD_ALIGN_PARAGRAPH.RIGHT for alignment in row] for row in alignments]
        self.assertEqual(at_the_right, [[False, True]] * 3, "numbers stand at the right")
        head = re.search(r'w:type="firstRow">.*?</w:tblStylePr>', members(self.path("docx"), "word/styles.xml")["word/styles.xml"], re.S)[0]
        self.assertRegex(head, "<w:b ?/>")
        arabic = next(paragraph for paragraph in document.paragraphs if "البراكين" in paragraph.text)
        self.assertIn("<w:bidi", arabic._p.xml)
        captions = [text for text, style in styles.items() if style == "Image Caption"]
        self.assertTrue(captions[0].startswith("Figure 1. ") and captions[1].startswith("Figure 2. "), captions)
        self.assertEqual(len(document.inline_shapes), 2)
        width = document.sections[0].page_width - document.sections[0].left_margin - document.sections[0].right_margin
        self.assertTrue(all(shape.width <= width for shape in document.inline_shapes))
        xml = members(self.path("docx"), "word/document.xml")["word/document.xml"]
        root = ET.fromstring(xml)
        described = [node.get("descr") for node in root.iter() if node.tag.endswith("}docPr")]
        self.assertTrue(described[0].startswith(ALT), described)
        self.assertIn("elephant", described[1])
        self.assertGreaterEqual(xml.count("<m:oMath>"), 2)
        self.assertIn("m:f>", xml)

    def test_odt(self):
        xml = members(self.path("odt"), "content.xml")["content.xml"]
        root = ET.fromstring(xml)
        text = "".join(root.itertext())
        for part in ("Heights", "富士山", "Figure 1. ", "вулкан", "Pictures and credits"):
            self.assertIn(part, text)
        levels = [node.get(next(key for key in node.keys() if key.endswith("outline-level"))) for node in root.iter() if node.tag.endswith("}h")]
        self.assertIn("2", levels)
        self.assertTrue(any(node.tag.endswith("}table-row") for node in root.iter()))
        frames = [node for node in root.iter() if node.tag.endswith("}frame") and any(child.tag.endswith("}image") for child in node)]
        self.assertEqual(len(frames), 2)
        for frame in frames:
            width = next(value for key, value in frame.items() if key.endswith("}width"))
            self.assertLessEqual(float(width.removesuffix("in")), 6.5)
        self.assertTrue([node.text for node in root.iter() if node.tag.endswith("}desc")][0].startswith(ALT))
        self.assertTrue(members(self.path("odt"), "Formula-.*/content.xml"))
        self.assertRegex(xml, r'style:name="TableHeaderRowCell"[^>]*>\s*<style:table-cell-properties [^>]*fo:border-bottom="1pt')
        look = members(self.path("odt"), "styles.xml")["styles.xml"]
        ET.fromstring(look)
        title = re.search(r'style:name="Title".*?</style:style>', look, re.S)[0]
        self.assertIn('fo:text-align="start"', title)
        self.assertIn('fo:color="#1B4F72"', title)
        self.assertNotRegex(re.search(r'style:name="Heading_20_2".*?</style:style>', look, re.S)[0], '"italic"')

    def test_epub(self):
        with zipfile.ZipFile(self.path("epub")) as archive:
            self.assertEqual(archive.infolist()[0].filename, "mimetype")
            self.assertEqual(archive.infolist()[0].compress_type, zipfile.ZIP_STORED)
        pages = members(self.path("epub"), ".*\\.xhtml")
        text = "".join(pages.values())
        for page in pages.values():
            ET.fromstring(page.replace("&nbsp;", " "))
        for part in ("<h2", "<table", "<math", "Figure 1.", "富士山", "Pictures and credits"):
            self.assertIn(part, text)
        images = [node.get("alt") for page in pages.values() for node in ET.fromstring(page).iter() if node.tag.endswith("}img")]
        self.assertTrue(images[0].startswith(ALT), images)
        self.assertIn("Volcanoes", members(self.path("epub"), ".*\\.opf").popitem()[1])

    def test_pptx(self):
        slides = members(self.path("pptx"), r"ppt/slides/slide\d+\.xml")
        roots = {name: ET.fromstring(xml) for name, xml in slides.items()}
        texts = {name: [node.text for node in root.iter() if node.tag.endswith("}t") and node.text] for name, root in roots.items()}
        pictures = [root for root in roots.values() if any(node.tag.endswith("}pic") for node in root.iter())]
        self.assertEqual(len(pictures), 2, "a slide a figure")
        described = [node.get("descr") for root in pictures for node in root.iter() if node.get("descr")]
        self.assertTrue(any(text.startswith(ALT) for text in described), described)
        for words in texts.values():
            self.assertLess(sum(map(len, words)), 900, "no wall of text")
        self.assertTrue(any(node.tag.endswith("}tbl") for root in roots.values() for node in root.iter()))
        self.assertTrue(any("oMath" in node.tag for root in roots.values() for node in root.iter()))
        self.assertIn("<p:bgPr>", members(self.path("pptx"), r"ppt/slideLayouts/slideLayout1\.xml").popitem()[1], "the cover has a ground of its own")
        notes = "".join(members(self.path("pptx"), r"ppt/notesSlides/notesSlide\d+\.xml").values())
        self.assertIn("A volcano is a rupture.", notes)

    def test_long_text_is_split_over_slides_and_kept_in_the_notes(self):
        long = "# Long\n\n## Part\n\n" + "\n\n".join(f"Sentence number {n} says something that is neither short nor long. And one more follows." for n in range(30))
        folder = self.program.home / "long"
        self.assertEqual(self.render(long, folder).code, 0)
        slides = members(folder / "document.pptx", r"ppt/slides/slide\d+\.xml")
        self.assertEqual(len(slides), 4)
        self.assertIn("Sentence number 29", "".join(members(folder / "document.pptx", r"ppt/notesSlides/notesSlide\d+\.xml").values()))

    def test_long_points_do_not_run_off_a_slide(self):
        for name, sentence, most in (("wide", "火山" * 60 + "。", 180), ("latin", "Magma is " + "lighter and " * 10 + "rises. ", 380)):
            folder = self.program.home / name
            self.assertEqual(self.render("# Long\n\n## Part\n\n" + sentence * 9, folder).code, 0)
            slides = members(folder / "document.pptx", r"ppt/slides/slide\d+\.xml").values()
            self.assertGreater(len(slides), 3)
            for slide in slides:
                self.assertLess(sum(len(node.text or "") for node in ET.fromstring(slide).iter() if node.tag.endswith("}t")), most)

    def test_replay_gives_the_same_bytes(self):
        copy = self.program.home / "copy"
        self.assertEqual(self.program.run("replay", self.run_folder, "--out", copy, "--format", ",".join(FORMATS)).code, 0)
        self.assertEqual(self.files(copy), self.before)
        self.assertEqual(self.program.run("replay", self.run_folder).code, 0)
        self.assertEqual(self.files(self.run_folder), self.before)

    def test_replay_makes_the_formats_that_the_run_was_asked_for(self):
        folder = self.program.home / "lost"
        self.assertEqual(self.render(ANSWER, folder).code, 0)
        for name in (f"document.{format}" for format in FORMATS):
            (folder / name).unlink()
        self.assertEqual(self.program.run("replay", folder).code, 0)
        self.assertEqual(self.files(folder), self.before)
        self.assertFalse((folder / "document.md").exists())

    def test_hostile_text_loads_nothing(self):
        folder = self.program.home / "hostile"
        done = self.render(HOSTILE, folder)
        self.assertEqual(done.code, 0, done.err)
        passwd = "root:x:0:0"
        for format in ("docx", "pptx", "epub", "odt"):
            everything = members(folder / f"document.{format}", ".*\\.(xml|xhtml|rels|opf)")
            for name, xml in everything.items():
                self.assertNotIn(passwd, xml, name)
                self.assertNotIn("<w:evil", xml)
                targets = re.findall(r'\b(?:href|src|Target|r:link)="([^"]*)"', re.sub(r">[^<]*<", "><", xml))
                self.assertFalse([target for target in targets if target.startswith(("javascript:", "file:", "/etc"))], name)
        text = subprocess.run(["pdftotext", folder / "document.pdf", "-"], capture_output=True, text=True, check=True).stdout
        self.assertNotIn(passwd, text)

    def test_an_empty_document_and_an_unknown_format(self):
        self.assertEqual(self.render("", self.program.home / "empty").code, 0)
        done = self.program.run("render", "-", "--format", "rtf", input="x")
        self.assertEqual(done.code, 2)
        self.assertIn("docx", done.err)


if __name__ == "__main__":
    unittest.main()
