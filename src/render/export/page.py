# Reads the page that to_html made and hands out its parts. The page is safe already: no script, only http(s), mailto and
# fragment links, all pictures inside. Everything below works on its tree, so nothing else of the model gets through.
import base64
import copy
import html5lib
import re
import resource
import sys
import unicodedata
import xml.etree.ElementTree as ET

MEMORY = 2 << 30
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_page():
    return html5lib.parse(sys.stdin.buffer.read().decode("utf-8"), treebuilder="etree", namespaceHTMLElements=False)


def article_of(page):
    return page.find("body/article")


def text_of(element):
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def reads_from_right(text):
    """Whether the first letter that has a direction is of a script such as Arabic or Hebrew."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def local(element):
    """The tag without its namespace (MathML has one); comments have none."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def title_of(page):
    return text_of(page.find("head/title"))


def picture_bytes(img):
    return base64.b64decode(img.get("src").split(",", 1)[1])


def html_of(elements):
    return "".join(ET.tostring(element, encoding="unicode", method="html") for element in elements)
